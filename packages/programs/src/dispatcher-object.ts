import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/dispatcher.bpf.ts by `npm run build`; the path is the same from src/ and from dist/. */
const DISPATCHER = new URL("../dist/dispatcher.bpf.o", import.meta.url);

/**
 * The object with program `xdp_dispatcher`, which calls up to ten programs one after the other: they take the places of its functions
 * `prog0` to `prog9`. Its variable `conf` has the layout `DispatcherSettings`.
 *
 * @example
 * ```ts
 * dispatcherObject().programs.get("xdp_dispatcher")?.section; // "xdp"
 * ```
 */
export function dispatcherObject(): ObjectSpec {
  return readObject(readFileSync(DISPATCHER));
}

import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/capture.bpf.ts by `npm run build`; the path is the same from src/ and from dist/. */
const FILE = new URL("../dist/capture.bpf.o", import.meta.url);

/**
 * The object that holds program `xdp_packet_capture` and its maps `CAPTURE_RINGS`, `CAPTURE_CHUNKS` and `CAPTURE_TICKETS`.
 *
 * @example
 * ```ts
 * const object = withConfig(captureObject(), { snap_length: 96 });
 * ```
 */
export function captureObject(): ObjectSpec {
  return readObject(readFileSync(FILE));
}

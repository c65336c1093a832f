import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/sets.bpf.ts by `npm run build`; the path is the same from src/ and from dist/. */
const FILE = new URL("../dist/sets.bpf.o", import.meta.url);

/**
 * The object of named sets: functions `in_ipv4_set`, `in_ipv6_set`, `in_port_set` and `in_mac_set`, each over a map of its own (`IPV4_SET`,
 * `IPV6_SET`, `PORT_SET`, `MAC_SET`), in programs `ask_…` that call them with the first bytes of a packet. How many elements a map has to
 * have follows from what is in the set: see `@weir/rules`. Where sets are changed while programs look them up, and the processor is not an x86-64, it is
 * configured with `weak_memory: 1`. Since Linux 5.6.
 *
 * @example
 * ```ts
 * const object = withMapSizes(setsObject(), { IPV4_SET: Ipv4Set.pagesFor(1000) });
 * ```
 */
export function setsObject(): ObjectSpec {
  return readObject(readFileSync(FILE));
}

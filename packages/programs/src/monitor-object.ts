import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/monitor.bpf.ts by `npm run build`; the path is the same from src/ and from dist/. */
const FILE = new URL("../dist/monitor.bpf.o", import.meta.url);

/**
 * The object that holds program `xdp_packet_monitor` and its maps `STATS`, `XDP_CONN_STATS` and `XDP_CONN6_STATS`.
 *
 * @example
 * ```ts
 * const object = withConfig(monitorObject(), { sections: 4 });
 * ```
 */
export function monitorObject(): ObjectSpec {
  return readObject(readFileSync(FILE));
}

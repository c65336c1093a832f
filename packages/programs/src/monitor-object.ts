import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/monitor.bpf.ts by `npm run build`; the paths are the same from src/ and from dist/. */
const MONITOR = new URL("../dist/monitor.bpf.o", import.meta.url);
const SAMPLED_MONITOR = new URL("../dist/sampled-monitor.bpf.o", import.meta.url);

/**
 * The object that holds program `xdp_packet_monitor` and its maps `STATS`, `XDP_CONN_STATS` and `XDP_CONN6_STATS`, with an index to
 * each of the two.
 *
 * @example
 * ```ts
 * const object = withFlowTables(monitorObject(), { slots: 13_656, sections: 4 });
 * ```
 */
export function monitorObject(): ObjectSpec {
  return readObject(readFileSync(MONITOR));
}

/**
 * The same program for samples: of packets, or of flows when `sample_flows` is set. Besides the maps of the monitor it has
 * `SAMPLING` with the rate and, for samples of packets, `XDP_SAMPLES` and `XDP_SAMPLES6` with as many elements as the flow
 * tables; `sampler_state` in `STATS` wants a random number for each CPU.
 *
 * @example
 * ```ts
 * const object = withFlowTables(sampledMonitorObject(), { slots: 13_656, sections: 4 });
 * ```
 */
export function sampledMonitorObject(): ObjectSpec {
  return readObject(readFileSync(SAMPLED_MONITOR));
}

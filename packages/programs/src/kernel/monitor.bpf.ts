import { XDP_PASS, xdp } from "@weir/compiler/language";
import { countFrame, frameLength, STATS } from "./frame.bpf.ts";

export { XDP_CONN_STATS, XDP_CONN6_STATS } from "./flow-table.bpf.ts";
export { SAMPLING, XDP_SAMPLES, XDP_SAMPLES6 } from "./sampling.bpf.ts";

/** Counts every frame and passes it on. */
export const xdp_packet_monitor = xdp((packet) => {
  const stats = STATS.lookup(0);
  if (stats === null) return XDP_PASS;
  return countFrame(packet, stats, frameLength(packet));
});

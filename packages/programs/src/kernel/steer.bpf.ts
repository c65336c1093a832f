import { BPF_F_EXCLUDE_INGRESS, XDP_PASS, xdp } from "@weir/compiler/language";
import { countFrame, frameLength, STATS } from "./frame.bpf.ts";
import { DEVICES, mirror, TARGETS } from "./steering.bpf.ts";

export { XDP_CONN_INDEX, XDP_CONN_STATS, XDP_CONN6_INDEX, XDP_CONN6_STATS } from "./flow-table.bpf.ts";

/** Counts every frame as the monitor does, and gives it to another CPU or interface, or to all interfaces. */
export const xdp_steer = xdp((packet) => {
  const stats = STATS.lookup(0);
  const here = TARGETS.lookup(0);
  if (stats === null || here === null) return XDP_PASS;
  const length = frameLength(packet);
  let verdict = countFrame(packet, stats, length, 0);
  if (mirror !== 0) {
    const all = TARGETS.lookup(1);
    if (all !== null) {
      all.packets += 1;
      all.bytes += length;
      verdict = DEVICES.broadcast(BPF_F_EXCLUDE_INGRESS);
    }
  }
  if (verdict === XDP_PASS) {
    here.packets += 1;
    here.bytes += length;
  }
  return verdict;
});

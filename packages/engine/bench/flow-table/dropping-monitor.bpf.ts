/** The monitor, with another end: it drops all frames, so that what is measured of live ones is receiving them. */
import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { countFrame, frameLength, STATS } from "../../../programs/src/kernel/frame.bpf.ts";

export {
  XDP_CONN_INDEX,
  XDP_CONN_STATS,
  XDP_CONN6_INDEX,
  XDP_CONN6_STATS,
} from "../../../programs/src/kernel/flow-table.bpf.ts";

export const xdp_packet_monitor = xdp((packet) => {
  const stats = STATS.lookup(0);
  if (stats === null) return XDP_PASS;
  countFrame(packet, stats, frameLength(packet), 0);
  return XDP_DROP;
});

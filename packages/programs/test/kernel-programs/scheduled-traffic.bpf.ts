import { be16, bytes, struct, u16 } from "@weir/bytecode/layout";
import { arrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
import { countFrame, frameLength, STATS } from "../../src/kernel/frame.bpf.ts";

export { XDP_CONN_STATS, XDP_CONN6_STATS } from "../../src/kernel/flow-table.bpf.ts";
export { SAMPLING, XDP_SAMPLES, XDP_SAMPLES6 } from "../../src/kernel/sampling.bpf.ts";

/** Ethernet and IPv4 without options, and the port that tells the flows apart. */
const UdpFrame = struct({ headers: bytes(34), sourcePort: be16 });

/** Source ports in the order in which they come; then from the beginning. */
export const SCHEDULE = arrayMap({
  value: struct({ sourcePort: be16, reserved: u16 }),
  maxEntries: 65_536,
  mmapable: true,
});

/**
 * The monitor with traffic made for it: one test run, in which every frame is the same, becomes packets of many flows. Without
 * it five million packets of a mix would take five million calls.
 */
export const xdp_packet_monitor = xdp((packet) => {
  const stats = STATS.lookup(0);
  const frame = packet.at(UdpFrame, 0);
  if (stats === null || frame === null) return XDP_PASS;
  const next = SCHEDULE.lookup(stats.frames & 0xffff);
  if (next !== null) frame.sourcePort = next.sourcePort;
  return countFrame(packet, stats, frameLength(packet), 0);
});

import type { u64 } from "@weir/bytecode/layout";
import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { countFrame, frameLength, STATS } from "./frame.bpf.ts";
import { reportFrame, reporting } from "./reports.bpf.ts";
import { filterFrame, filtering } from "./rules.bpf.ts";

export { XDP_CONN_INDEX, XDP_CONN_STATS, XDP_CONN6_INDEX, XDP_CONN6_STATS } from "./flow-table.bpf.ts";
export { FRAME_REPORTS } from "./frame-reports.bpf.ts";
export { LIMITS, RULE_LIMITS } from "./limit.bpf.ts";
export { SAMPLE_CAPTURE } from "./reports.bpf.ts";
export { RULE_COUNTS } from "./rule-counts.bpf.ts";
export { LOG_RECORDS, LOGS } from "./rule-logs.bpf.ts";
export { RULE_WINDOWS } from "./rule-window.bpf.ts";
export { RULES } from "./rules.bpf.ts";
export { SAMPLING, XDP_SAMPLES, XDP_SAMPLES6 } from "./sampling.bpf.ts";

/** Counts every frame, and passes it on unless rules drop it. */
export const xdp_packet_monitor = xdp((packet) => {
  const stats = STATS.lookup(0);
  if (stats === null) return XDP_PASS;
  const length = frameLength(packet);
  const dropped: u64 = filtering === 0 ? 0 : filterFrame(packet, stats, length);
  const counted = countFrame(packet, stats, length, dropped);
  const verdict = dropped !== 0 ? XDP_DROP : counted;
  if (filtering !== 0 && reporting !== 0) reportFrame(packet, length, verdict);
  return verdict;
});

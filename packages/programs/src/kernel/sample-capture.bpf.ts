import { u64 } from "@weir/bytecode/layout";
import { config, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { captureFrame } from "./capture-ring.bpf.ts";
import { FRAME_REPORTS } from "./frame-reports.bpf.ts";

export { CAPTURE_CHUNKS, CAPTURE_RINGS, CAPTURE_TICKETS } from "./capture-ring.bpf.ts";
export { FRAME_REPORTS } from "./frame-reports.bpf.ts";

/** The bits of the rules whose frames are captured. */
const sampledBy = config("sampled_by", u64, u64.of(0xffff_ffff_ffff_ffffn));

/** Captures frames that rules sample. The monitor goes on as this program for them, with its verdict. */
export const xdp_sample_capture = xdp((packet) => {
  const reports = FRAME_REPORTS.lookup(0);
  if (reports === null) return XDP_PASS;
  const verdict = reports.verdict === XDP_DROP ? XDP_DROP : XDP_PASS;
  const isWanted = (reports.sampled & sampledBy) !== 0;
  reports.sampled = 0;
  if (isWanted) captureFrame(packet, verdict);
  return verdict;
});

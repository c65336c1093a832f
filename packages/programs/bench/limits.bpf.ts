/** Limits alone, on frames of which each comes from the next of some sources: `stage` says how much is done, so that the difference is what it costs. */
import { struct, u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, config, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { limit_frame } from "../src/kernel/limit.bpf.ts";
import { Ipv4Words } from "../src/records/frame.ts";

export { LIMITS, RULE_LIMITS } from "../src/kernel/limit.bpf.ts";
export { RULE_COUNTS } from "../src/kernel/rule-counts.bpf.ts";

/** 0: the frame gets its source; 1: it is limited too. */
const stage = config("stage", u32, 1);
/** A power of two, less one. */
const sources = config("sources", u32, 0);

export const ROUND = arrayMap({ value: struct({ count: u64 }), maxEntries: 1 });

export const limits = xdp((packet) => {
  const round = ROUND.lookup(0);
  const ip = packet.at(Ipv4Words, 14);
  if (round === null || ip === null) return XDP_PASS;
  round.count += 1;
  // An odd factor: in no order that the CPU could foresee.
  ip.source = ((round.count * 0x9e37_79b1) as u32) & sources;
  if (stage === 0) return XDP_PASS;
  return limit_frame(packet, 0, 1, packet.length) === 0 ? XDP_PASS : XDP_DROP;
});

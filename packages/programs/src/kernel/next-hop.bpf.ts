import { arrayMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
import { NextHopQuestion } from "../records/balance.ts";

export const NEXT_HOP = arrayMap({ value: NextHopQuestion, maxEntries: 1 });

/** Asks the kernel where a packet would go. It is never attached: user space runs it, once for each question. */
export const xdp_next_hop = xdp((packet) => {
  const question = NEXT_HOP.lookup(0);
  if (question === null) return XDP_DROP;
  question.result = packet.fibLookup(question.lookup, 0);
  return XDP_PASS;
});

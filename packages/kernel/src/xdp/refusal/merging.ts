import { shellWord } from "../../errors/shell-word.ts";
import { cardReset } from "./card-reset.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

/** Receive offloads that put several packets into one frame, or one into several buffers, before a program could see it. */
export function merging({ words = "", target }: RefusedAttachment): Cause | undefined {
  if (/tcp-data-split|header.{0,5}split|\bHDS\b/i.test(words)) {
    return {
      reason: "lro",
      advice: [
        "The card puts headers and data into buffers of their own, which XDP cannot take.",
        `Switch that off: ethtool -G ${shellWord(target.name)} tcp-data-split off`,
        ...cardReset(target),
      ],
    };
  }
  if (!/LRO|GRO|CSUM/.test(words)) return undefined;
  return {
    reason: "lro",
    advice: [
      "The card merges packets before the driver has them, which does not go with native XDP.",
      `Switch that off: ethtool -K ${shellWord(target.name)} lro off rx-gro-hw off`,
      ...cardReset(target),
      "Where that is refused, the hypervisor or the card's firmware decides: use --mode skb.",
    ],
  };
}

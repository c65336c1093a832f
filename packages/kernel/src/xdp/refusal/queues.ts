import { ERRNO } from "../../errors/errno.ts";
import { shellWord } from "../../errors/shell-word.ts";
import { transmitQueuesInUse } from "../../netlink/ethtool/channels.ts";
import { findLinked, type NetworkInterface } from "../../netlink/network-interface.ts";
import { cardReset } from "./card-reset.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

const ABOUT_QUEUES = /\b(queues?|TXQs|channels?|SQs)\b|TX rings|not enough Tx resources/i;

/** Too few queues: most drivers send what XDP redirects on a queue for each CPU. */
export function queues({ errno, words = "", target, mode }: RefusedAttachment): Cause | undefined {
  if (mode === "hw" || (errno !== ERRNO.ENOSPC && !ABOUT_QUEUES.test(words))) return undefined;
  return { reason: "queues", advice: target.kind === "veth" ? forVeth(target) : forCard(target) };
}

function forVeth(target: NetworkInterface): string[] {
  const peer = findLinked(target.peer);
  const wanted = peer === undefined ? "N" : transmitQueuesInUse(peer);
  return [
    "A veth needs at least as many receive queues as its other end has transmit queues.",
    `Give it more, up to what it was made with: ethtool -L ${shellWord(target.name)} rx ${wanted}`,
  ];
}

function forCard(target: NetworkInterface): string[] {
  const name = shellWord(target.name);
  return [
    "The driver wants queues of its own for what XDP sends, mostly one for each CPU, and has not that many left.",
    `Use fewer for the rest: ethtool -l ${name} shows them, ethtool -L ${name} combined N sets them. Or use --mode skb.`,
    ...cardReset(target),
  ];
}

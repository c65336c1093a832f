import { ERRNO } from "../../errors/errno.ts";
import { shellWord } from "../../errors/shell-word.ts";
import { findLinked } from "../../netlink/network-interface.ts";
import { xdpFeatures } from "../../netlink/xdp-features.ts";
import { cardReset } from "./card-reset.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

const ABOUT_SIZE = /\bMTU\b|frags|multi.?buf|frame size|jumbo/i;

/** The frames are too long for one buffer, which is what drivers give a program that has no frags. */
export function frameSize({ errno, words = "", target, mode }: RefusedAttachment): Cause | undefined {
  if (mode === "hw" || (errno !== ERRNO.ERANGE && !ABOUT_SIZE.test(words))) return undefined;
  // A veth takes what its other end sends.
  const limited = (target.kind === "veth" ? findLinked(target.peer) : undefined) ?? target;
  const lower = `ip link set dev ${shellWord(limited.name)} mtu 1500`;
  if (xdpFeatures(target.index)?.has("rx-sg") === false) {
    return {
      reason: "no-frags",
      advice: [
        "The driver cannot give a program frames in several buffers.",
        `Lower the MTU, and load the program without frags: ${lower}. Or use --mode skb.`,
        ...cardReset(limited),
      ],
    };
  }
  return {
    reason: "mtu",
    advice: [
      `The interface's MTU is too large for a program that takes a packet in one buffer (${limited.name} has ${limited.mtu}).`,
      `Lower the MTU (${lower}), load the program with frags (Linux 5.18), or use --mode skb.`,
      ...cardReset(limited),
    ],
  };
}

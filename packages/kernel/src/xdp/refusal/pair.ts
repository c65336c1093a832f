import { ERRNO } from "../../errors/errno.ts";
import { shellWord } from "../../errors/shell-word.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

/** A veth whose other end has gone: the kernel is about to take this one away, too. */
export function pair({ errno, words = "", target }: RefusedAttachment): Cause | undefined {
  if (errno !== ERRNO.ENOTCONN && !/peer is detached/.test(words)) return undefined;
  return {
    reason: "no-peer",
    advice: [
      `The other end of ${target.name} has gone, so no packet comes; mostly its network namespace is just being removed.`,
      `Make the pair again: ip link add ${shellWord(target.name)} type veth peer name PEER`,
    ],
  };
}

import { ERRNO } from "../../errors/errno.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

/** The program was loaded for another place than it is to be attached to. */
export function placement({ words = "", target }: RefusedAttachment): Cause | undefined {
  if (/XDP_(DEVMAP|CPUMAP)/.test(words)) {
    return {
      reason: "program-kind",
      advice: ["It was compiled for entries of a DEVMAP or CPUMAP: section xdp is for interfaces."],
    };
  }
  if (!/different device|device-bound|offloaded prog/i.test(words)) return undefined;
  return {
    reason: "bound-elsewhere",
    advice: [
      `It was loaded for another interface, or for another mode: load it for ${target.name}.`,
      "A program that is bound to an interface, for its metadata, runs in that one's driver only (drv);",
      "one that is loaded for a card runs on that card only (hw).",
    ],
  };
}

/** No program can run on the card. */
export function offload({ errno, mode }: RefusedAttachment): Cause | undefined {
  if (mode !== "hw" || (errno !== ERRNO.EINVAL && errno !== ERRNO.EOPNOTSUPP)) return undefined;
  return {
    reason: "no-offload",
    advice: ["Offload needs a network card that runs XDP programs, and a program loaded for it.", "Use --mode auto."],
  };
}

import { ERRNO } from "../../errors/errno.ts";
import { shellWord } from "../../errors/shell-word.ts";
import { findHolders } from "../../holders/find-holders.ts";
import { describeHolder, type Holder } from "../../holders/holder.ts";
import { findXdpLink } from "../../links/find-xdp-link.ts";
import type { NetworkInterface, XdpMode } from "../../netlink/network-interface.ts";
import { portsOf, upperInterfaces } from "../../netlink/stacked-interfaces.ts";
import { type AttachedProgram, queryXdp } from "../query-xdp.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

/** Somebody else's program is there. The kernel has one place for native and generic XDP together, and one for offload. */
export function occupied({ errno, words = "", target, mode }: RefusedAttachment): Cause | undefined {
  // Its error number is another one before Linux 6.13.
  if (/slave has xdp program/i.test(words)) return onPorts(target);
  if (errno !== ERRNO.EBUSY && errno !== ERRNO.EEXIST) return undefined;
  if (/upper device/.test(words)) return onUpper(target);
  // A driver's queues or memory may be in use, too.
  if (words !== "" && !/program|link|active/i.test(words)) return undefined;
  const programs = queryXdp(target.index);
  if (programs.length === 0) {
    return { reason: "busy", advice: ["Another XDP program was there at that moment, and has gone: try again."] };
  }
  const isInOtherMode = programs.every((program) => program.mode !== mode);
  return {
    reason: isInOtherMode ? "other-mode" : "busy",
    advice: [
      `Another XDP program is attached there: ${programs.map(described).join(", ")}. It was left as it is.`,
      ...(isInOtherMode
        ? ["An interface takes one program: not one in the driver (drv) and one before the stack (skb)."]
        : []),
      ...programs.flatMap((program) => howToRemove(program, target)),
    ],
  };
}

/** The kernel takes no program below an interface that has one: a bond's runs for all its ports. */
function onUpper(target: NetworkInterface): Cause {
  const occupied = upperInterfaces(target).filter(({ xdp }) => xdp.length > 0);
  return {
    reason: "busy",
    advice:
      occupied.length === 0
        ? [
            "An interface above it has an XDP program; it is in another network namespace, or has lost the program by now.",
          ]
        : occupied.flatMap((upper) => [
            `${upper.name}, which is above it, has an XDP program: ${programsOf(upper).map(described).join(", ")}. It was left as it is.`,
            ...(upper.kind === "bond" ? [`It runs for all ports of ${upper.name}: attach there instead.`] : []),
            ...programsOf(upper).flatMap((program) => howToRemove(program, upper)),
          ]),
  };
}

/** A bond takes none whose ports have programs of their own. */
function onPorts(target: NetworkInterface): Cause {
  const occupied = portsOf(target).filter(({ xdp }) => xdp.length > 0);
  return {
    reason: "busy",
    advice: [
      "A port of it has an XDP program of its own: a bond puts one on all its ports, or each has its own.",
      ...occupied.flatMap((port) => [
        `${port.name}: ${programsOf(port).map(described).join(", ")}. It was left as it is.`,
        ...programsOf(port).flatMap((program) => howToRemove(program, port)),
      ]),
    ],
  };
}

const programsOf = ({ index }: NetworkInterface): AttachedProgram[] => queryXdp(index);

function described({ mode, programId, programName }: AttachedProgram): string {
  return `"${programName ?? "?"}" (id ${programId}, mode ${mode})`;
}

/** Whom to ask, and how to take it off if it is not needed. */
function howToRemove({ mode, programId }: AttachedProgram, { name: interfaceName, index }: NetworkInterface): string[] {
  const { holders, unseen } = findHolders({ programId });
  const holding = holders.filter(({ held }) => held.kind === "link");
  if (holding.length === 0) {
    const link = findXdpLink(programId, index);
    if (link !== undefined && link !== "hidden")
      return [`It is on link ${link.id}, whose holder is not to be seen from this process.`];
    const processes = holders.filter((holder) => holder.by === "process").map(describeHolder);
    const loader = processes.length === 0 ? "" : ` Its loader may be still there: ${processes.join("; ")}.`;
    const hidden = unseen.length === 0 ? "" : ` Or its link is hidden from this process (${unseen.join("; ")}).`;
    return [
      `No link of it is to be found, so it was attached by netlink, as \`ip link\` does.${loader}${hidden}`,
      `If it is not needed: ip link set dev ${shellWord(interfaceName)} ${OFF[mode]} off`,
    ];
  }
  return holding.flatMap((holder) => [
    `It is on ${describeHolder(holder)}.`,
    `If it is not needed: ${removal(holder)}`,
  ]);
}

/** What `ip link` calls the places. */
const OFF: Readonly<Record<XdpMode, string>> = { drv: "xdpdrv", skb: "xdpgeneric", hw: "xdpoffload" };

function removal(holder: Holder): string {
  return holder.by === "pin" ? `rm ${shellWord(holder.path)}` : `end that process: kill ${holder.pid}`;
}

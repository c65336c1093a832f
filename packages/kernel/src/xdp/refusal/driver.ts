import { ERRNO } from "../../errors/errno.ts";
import { shellWord } from "../../errors/shell-word.ts";
import { mergingOffloads } from "../../netlink/ethtool/device-features.ts";
import type { NetworkInterface } from "../../netlink/network-interface.ts";
import { portsOf } from "../../netlink/stacked-interfaces.ts";
import { cardReset } from "./card-reset.ts";
import type { Cause, RefusedAttachment } from "./refusal.ts";

/** The driver has no native XDP, or says in its own words for what it has none now. */
export function noNative({ errno, words = "", mode, target }: RefusedAttachment): Cause | undefined {
  if (mode !== "drv" || (errno !== ERRNO.EOPNOTSUPP && errno !== ERRNO.ENOTSUPP)) return undefined;
  if (target.kind === "bond") return { reason: "no-native", advice: forBond(target) };
  const which =
    words === "" || /underlying driver/i.test(words) ? "has no native XDP" : "has no native XDP as it is set now";
  return { reason: "no-native", advice: [`${driverOf(target)} ${which}. Use --mode skb, or auto.`] };
}

function forBond(bond: NetworkInterface): string[] {
  const ports = portsOf(bond).map(({ name }) => name);
  return [
    "A bond has native XDP in modes balance-rr, active-backup, balance-xor (by addresses) and 802.3ad, and while the drivers of all its ports have.",
    `Its ports: ${ports.join(", ") || "none"}. Look at each with weir detect, or use --mode skb.`,
  ];
}

/** A driver that gives no reason: what is set that drivers refuse for, or else where it may have said more. */
export function driverSettings({ words, mode, target }: RefusedAttachment): Cause {
  if (mode === "skb") return { reason: "driver", advice: [] };
  const merges = words === undefined ? mergingOffloads(target.index) : [];
  if (merges.length > 0) {
    const off = merges.map((feature) => `${feature} off`).join(" ");
    return {
      reason: "lro",
      advice: [
        `${merges.join(" and ")} is on, for which many drivers refuse: ethtool -K ${shellWord(target.name)} ${off}`,
        ...cardReset(target),
      ],
    };
  }
  return {
    reason: "driver",
    advice: [
      `${driverOf(target)} refuses with the interface's present settings (MTU ${target.mtu}); the kernel's log may say more: dmesg.`,
    ],
  };
}

function driverOf({ kind }: RefusedAttachment["target"]): string {
  return kind === undefined ? "The interface's driver" : `The ${kind} driver`;
}

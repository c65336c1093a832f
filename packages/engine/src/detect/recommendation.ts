import { MERGING_OFFLOADS, shellWord } from "@weir/kernel";
import type { Change, DetectedInterface, ModeAdvice, Offload, Recommendation, Trial } from "./detection.ts";
import { BOND_TERMS, placeAdvice, type Stacking } from "./stacking.ts";

/** What a recommendation follows from: an interface and what is around it. */
export type RecommendationFacts = FoundInterface & Surroundings & { readonly trials: readonly Trial[] };

/** All that was found out about an interface. */
export type FoundInterface = Omit<DetectedInterface, "recommendation" | "trials">;

/** What else counts. */
export interface Surroundings {
  /** CPUs that are online. */
  readonly cpus: number;
  /** Name of the interface that this one stands on, where it does and that is in this network namespace. */
  readonly lowerName: string | undefined;
  /** The other end of a pair, where that is in this network namespace. */
  readonly peerFacts: { readonly name: string; readonly transmitQueues: number } | undefined;
  readonly stacking: Stacking;
}

/** How to attach to an interface, and what to change first, or for better. */
export function recommend(facts: RecommendationFacts): Recommendation {
  const changes = changesFor(facts);
  const passive = modeAdvice(facts);
  return { monitor: passive, filter: passive, redirect: redirectAdvice(facts, passive), changes };
}

function modeAdvice(facts: RecommendationFacts): ModeAdvice {
  const { ethernet, linkType } = facts;
  if (!ethernet) {
    const reason = `its frames have no Ethernet header (link type ${linkType}), which weir reads from on`;
    return { mode: undefined, reason };
  }
  return triedAdvice(facts) ?? knownAdvice(facts);
}

/** What was tried counts more than what is told. */
function triedAdvice({ trials, xdp }: RecommendationFacts): ModeAdvice | undefined {
  const inDriver = trials.filter(({ mode, outcome }) => mode === "drv" && outcome !== "not tried");
  if (inDriver.some(({ outcome }) => outcome === "attached")) {
    return { mode: "drv", reason: "a program was attached in the driver, and taken off again" };
  }
  const [refused] = inDriver;
  // What the driver does not have at all is told in better words.
  if (refused === undefined || xdp.native.answer === "no") return undefined;
  return { mode: "skb", reason: `the driver refuses now: ${refused.reason}` };
}

function knownAdvice(facts: RecommendationFacts): ModeAdvice {
  const { name, kind, xdp, lowerName } = facts;
  if (isMergedByHost(facts)) {
    const reason =
      "the host merges packets for this card, for which virtio_net refuses native XDP; only the host can switch that off";
    return { mode: "skb", reason };
  }
  if (xdp.native.answer === "yes") {
    return { mode: "drv", reason: "the driver runs programs before the kernel makes anything of a packet" };
  }
  if (xdp.native.answer === "unknown") {
    return { mode: "skb", reason: `${xdp.native.reason}: weir detect ${shellWord(name)} --try finds out` };
  }
  const instead = lowerName === undefined ? "" : `; ${lowerName}, which it stands on, may run programs in its driver`;
  const terms = kind === "bond" ? `; ${BOND_TERMS}` : "";
  return { mode: "skb", reason: `${xdp.native.reason}${terms}${instead}` };
}

function redirectAdvice({ kind, xdp }: RecommendationFacts, passive: ModeAdvice): ModeAdvice {
  if (passive.mode === "drv" && kind === "bond" && xdp.redirect.answer !== "no") {
    const reason =
      "redirect from a bond is done by the driver of the port that a frame comes in on, redirect to it by that of a port which its mode selects: " +
      (xdp.redirect.answer === "yes" ? "all ports' drivers can now" : xdp.redirect.reason);
    return { mode: "drv", reason };
  }
  if (passive.mode !== "drv" || xdp.redirect.answer === "yes") return passive;
  return { mode: "skb", reason: xdp.redirect.reason };
}

/** A change, but for what it does to the card. */
type Setting = Omit<Change, "interrupts">;

function changesFor(facts: RecommendationFacts): Change[] {
  const makers = [place, larger, merging, splitting, pairQueues, channelCount, freeQueues, tags, pairTarget];
  const settings = facts.ethernet ? makers.flatMap((make) => make(facts)) : [];
  return [
    ...switchOn(facts).map((change) => ({ ...change, interrupts: false })),
    // What has a parent is hardware, and drivers set most of it up anew for any of these.
    ...settings.map((change) => ({ ...change, interrupts: facts.parent !== undefined && change.commands.length > 0 })),
  ];
}

function switchOn({ up, name }: RecommendationFacts): Setting[] {
  if (up) return [];
  return [{ why: "it is down: no packet comes", commands: [`ip link set dev ${shellWord(name)} up`], needed: true }];
}

function place({ name, kind, stacking }: RecommendationFacts): Setting[] {
  return placeAdvice(name, kind, stacking);
}

/** Frames that do not fit into one buffer. */
function larger({ mtu, singleBufferMtu, name, xdp, peerFacts, kind }: RecommendationFacts): Setting[] {
  if (singleBufferMtu === undefined || mtu <= singleBufferMtu || xdp.native.answer !== "yes") return [];
  if (xdp.frags.answer === "yes") return [];
  // What a veth takes is what its other end sends.
  const which = kind === "veth" ? peerFacts?.name : name;
  return [
    {
      why: `with an MTU of ${mtu} frames need several buffers, which the driver does not give programs`,
      commands: which === undefined ? [] : [`ip link set dev ${shellWord(which)} mtu ${singleBufferMtu}`],
      needed: true,
    },
  ];
}

/** A virtio card whose guest offloads cannot be switched: `Can't set XDP while host is implementing GRO_HW/CSUM`. */
function isMergedByHost({ driver, offloads = [] }: RecommendationFacts): boolean {
  return (
    driver?.name === "virtio_net" &&
    offloads.some(({ name, active, changeable }) => name === "rx-gro-hw" && active && !changeable)
  );
}

/** Offloads that merge frames before the driver could run a program. */
function merging({ offloads = [], name, xdp, driver }: RecommendationFacts): Setting[] {
  // virtio_net switches its own off, where it can.
  if (xdp.native.answer === "no" || driver?.name === "virtio_net") return [];
  return offloads.filter(isMerging).map(({ name: offload, changeable }) => ({
    why: changeable
      ? `${offload} merges packets in the card, which most drivers refuse together with native XDP`
      : `${offload} merges packets and cannot be switched off here; the driver may refuse native XDP for it`,
    commands: changeable ? [`ethtool -K ${shellWord(name)} ${offload} off`] : [],
    needed: changeable,
  }));
}

/** Headers and data of TCP in buffers of their own. */
function splitting({ rings, name, xdp }: RecommendationFacts): Setting[] {
  if (rings?.tcpDataSplit !== true || xdp.native.answer === "no") return [];
  return [
    {
      why: "the card puts headers and data of TCP into buffers of their own, for which the kernel or the driver refuses native XDP",
      commands: [`ethtool -G ${shellWord(name)} tcp-data-split off`],
      needed: true,
    },
  ];
}

function isMerging({ name, active }: Offload): boolean {
  return active && MERGING_OFFLOADS.includes(name);
}

/** A veth wants as many receive queues as its other end has transmit queues. */
function pairQueues({ name, kind, channels, receiveQueues, peerFacts }: RecommendationFacts): Setting[] {
  if (kind !== "veth" || peerFacts === undefined) return [];
  const own = channels?.receive?.count ?? receiveQueues;
  if (own >= peerFacts.transmitQueues) return [];
  const largest = channels?.receive?.largest ?? own;
  const enough = largest >= peerFacts.transmitQueues;
  return [
    {
      why: `it has ${own} receive queues and its other end, ${peerFacts.name}, ${peerFacts.transmitQueues} transmit queues: native XDP takes as many`,
      commands: [
        enough
          ? `ethtool -L ${shellWord(name)} rx ${peerFacts.transmitQueues}`
          : `ethtool -L ${shellWord(peerFacts.name)} tx ${largest}`,
      ],
      needed: true,
    },
  ];
}

/** One channel for each CPU, so that all of them take part. */
function channelCount({ name, channels, cpus, parent, driver }: RecommendationFacts): Setting[] {
  const [sort, inUse] =
    channels?.combined === undefined
      ? (["rx", channels?.receive] as const)
      : (["combined", channels.combined] as const);
  if (inUse === undefined || parent === undefined) return [];
  // What virtio_net sends for XDP takes as many again.
  const usable = driver?.name === "virtio_net" ? inUse.largest - cpus : inUse.largest;
  const wanted = Math.min(cpus, usable);
  if (inUse.count >= wanted) return [];
  return [
    {
      why: `packets come in on ${inUse.count} of ${cpus} CPUs`,
      commands: [`ethtool -L ${shellWord(name)} ${sort} ${wanted}`],
      needed: false,
    },
  ];
}

/** virtio_net sends what is redirected on transmit queues of its own, one for each CPU, if there are as many left. */
function freeQueues({ name, driver, channels, cpus }: RecommendationFacts): Setting[] {
  const combined = channels?.combined;
  if (driver?.name !== "virtio_net" || combined === undefined || combined.count + cpus <= combined.largest) return [];
  const left = combined.largest - cpus;
  if (left < 1) return [];
  return [
    {
      why: `${combined.count} of ${combined.largest} queue pairs are in use, and XDP wants ${cpus} more to send on: redirect and transmit share queues, with a lock`,
      commands: [`ethtool -L ${shellWord(name)} combined ${left}`],
      needed: false,
    },
  ];
}

/** The card takes VLAN tags off, so that no program sees them. */
function tags({ name, offloads = [], xdp, parent }: RecommendationFacts): Setting[] {
  const stripping = offloads.find((offload) => offload.name === "rx-vlan-hw-parse" && offload.active);
  if (stripping === undefined || parent === undefined || xdp.native.answer === "no") return [];
  return [
    {
      why: "the card takes VLAN tags off before a program sees the frame: they are not counted, and not matched",
      commands: stripping.changeable ? [`ethtool -K ${shellWord(name)} rxvlan off`] : [],
      needed: false,
    },
  ];
}

/** What is redirected to a veth is lost, and counted nowhere, unless its other end takes it. */
function pairTarget({ kind, peerFacts, xdp }: RecommendationFacts): Setting[] {
  if (kind !== "veth" || xdp.redirectTarget.answer !== "no") return [];
  const other = peerFacts === undefined ? "its other end" : `its other end, ${peerFacts.name},`;
  return [
    {
      why: `what is redirected to it is lost, or sent back by it (XDP_TX): ${other} has neither GRO nor a program in the driver, of which XDP_TX needs the latter`,
      commands: peerFacts === undefined ? [] : [`ethtool -K ${shellWord(peerFacts.name)} gro on`],
      needed: false,
    },
  ];
}

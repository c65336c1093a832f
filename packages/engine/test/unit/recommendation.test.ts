import type { Answer } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import type { XdpSupport } from "../../src/detect/detection.ts";
import { type RecommendationFacts, recommend } from "../../src/detect/recommendation.ts";
import { xdpSupport } from "../../src/detect/xdp-support.ts";

const YES: Answer = { answer: "yes" };
const NO: Answer = { answer: "no", reason: "it cannot" };
const all = (answer: Answer): XdpSupport => ({
  source: "kernel",
  citation: undefined,
  native: answer,
  redirect: answer,
  redirectTarget: answer,
  redirectTargetFrags: answer,
  frags: answer,
  zeroCopy: answer,
  zeroCopySegments: undefined,
  offload: NO,
  metadata: undefined,
  socketFeatures: undefined,
});

const card: RecommendationFacts = {
  index: 2,
  name: "eth0",
  kind: "physical",
  hardwareAddress: "02:00:00:00:00:01",
  mtu: 1500,
  up: true,
  carrier: true,
  operationalState: "up",
  linkType: 1,
  ethernet: true,
  master: undefined,
  lower: undefined,
  peer: undefined,
  vlanId: undefined,
  parent: { name: "0000:01:00.0", bus: "pci" },
  driver: { name: "ixgbe", version: undefined, firmware: undefined, bus: undefined },
  xdp: all(YES),
  singleBufferMtu: 3050,
  singleBufferMtuSource: undefined,
  fragsMtu: undefined,
  receiveQueues: 8,
  transmitQueues: 8,
  channels: undefined,
  rings: undefined,
  offloads: [],
  unanswered: undefined,
  attached: [],
  cpus: 8,
  lowerName: undefined,
  peerFacts: undefined,
  stacking: { master: undefined, uppers: [], ports: [] },
  trials: [],
};

/** The commands to get there, and those for better. */
function commands(facts: Partial<RecommendationFacts>): { needed: string[]; better: string[] } {
  const { changes } = recommend({ ...card, ...facts });
  const of = (wanted: boolean) =>
    changes.filter(({ needed }) => needed === wanted).flatMap((change) => change.commands);
  return { needed: of(true), better: of(false) };
}

test("a card that does all is used as it is", () => {
  const { monitor, filter, redirect, changes } = recommend(card);
  expect([monitor.mode, filter.mode, redirect.mode, changes]).toEqual(["drv", "drv", "drv", []]);
});

describe("the mode", () => {
  test("is generic where the driver has no native XDP", () => {
    expect(recommend({ ...card, xdp: all(NO) }).monitor).toEqual({ mode: "skb", reason: "it cannot" });
  });

  test("names what a virtual interface stands on", () => {
    const { monitor } = recommend({ ...card, xdp: all(NO), lowerName: "eth1" });
    expect(monitor.reason).toContain("eth1, which it stands on");
  });

  test("is none without an Ethernet header", () => {
    expect(recommend({ ...card, ethernet: false, linkType: 65_534 }).monitor.mode).toBeUndefined();
  });

  test("to redirect may be another one", () => {
    const { monitor, redirect } = recommend({ ...card, xdp: { ...all(YES), redirect: NO } });
    expect([monitor.mode, redirect.mode]).toEqual(["drv", "skb"]);
  });

  test("is generic where the host of a virtual card merges packets", () => {
    const driver = { name: "virtio_net", version: undefined, firmware: undefined, bus: undefined };
    const gro = { name: "rx-gro-hw", active: true, changeable: false };
    expect(recommend({ ...card, driver, offloads: [gro] }).monitor).toMatchObject({
      mode: "skb",
      reason: /only the host/,
    });
    // Where it can, the driver switches them off itself.
    const changeable = recommend({ ...card, driver, offloads: [{ ...gro, changeable: true }] });
    expect([changeable.monitor.mode, changeable.changes]).toEqual(["drv", []]);
  });

  test("follows from what was tried, where that was", () => {
    const tried = { frags: false, reason: undefined, mode: "drv", outcome: "attached" } as const;
    const unknown: Answer = { answer: "unknown", reason: "nobody knows" };
    expect(recommend({ ...card, xdp: all(unknown) }).monitor).toMatchObject({ mode: "skb", reason: /--try finds out/ });
    expect(recommend({ ...card, xdp: all(unknown), trials: [tried] }).monitor.mode).toBe("drv");
    const refused = { ...tried, outcome: "refused", reason: "EINVAL" } as const;
    expect(recommend({ ...card, trials: [refused] }).monitor).toMatchObject({ mode: "skb", reason: /EINVAL/ });
  });
});

describe("where to attach", () => {
  const stacked = (name: string, kind: string, occupied = false) => ({ name, kind, occupied });
  const alone = card.stacking;
  const portOf = (kind: string, occupied = false) => {
    const master = stacked("it0", kind, occupied);
    return { stacking: { ...alone, master, uppers: [master] } };
  };
  const reasons = (facts: Partial<RecommendationFacts>) =>
    recommend({ ...card, ...facts }).changes.map(({ why }) => why);

  test("is the bond, for its ports", () => {
    expect(reasons(portOf("bond"))).toEqual([
      "it is a port of the bond it0: a program on it0 runs in the drivers of all its ports, those that come later too; one here sees this port's packets alone",
    ]);
    expect(commands(portOf("bond"))).toEqual({ needed: [], better: ["weir detect it0"] });
  });

  test.each([
    ["bridge", "it0 itself sees but what is for this machine"],
    ["team", "it0 itself has no native XDP"],
    ["vrf", "it0 itself sees what its ports leave to it"],
  ])("is told of a port of a %s", (kind, words) => {
    expect(reasons(portOf(kind))).toMatchObject([expect.stringContaining(words)]);
    expect(reasons(portOf(kind))).toMatchObject([expect.stringContaining(`it is a port of it0 (${kind})`)]);
  });

  test("is above it, or nowhere, while an interface there has a program", () => {
    expect(commands(portOf("bond", true))).toEqual({ needed: ["weir detect it0"], better: [] });
    const uppers = [stacked("vlan7", "vlan", true), stacked("vlan8", "vlan")];
    expect(commands({ stacking: { ...alone, uppers } })).toEqual({ needed: ["weir detect vlan7"], better: [] });
  });

  test("are the ports, of a bridge and of a team, not of a bond", () => {
    const ports = [stacked("eth1", ""), stacked("eth2", "")];
    const of = (kind: string) => commands({ kind, parent: undefined, stacking: { ...alone, ports } }).better;
    expect(of("bridge")).toEqual(["weir watch eth1 eth2"]);
    expect(of("team")).toEqual(["weir watch eth1 eth2"]);
    expect(of("bond")).toEqual([]);
  });

  test("is no bond with a port that has a program", () => {
    const ports = [stacked("eth1", "", true), stacked("eth2", "")];
    expect(commands({ kind: "bond", stacking: { ...alone, ports } }).needed).toEqual(["weir detect eth1"]);
  });

  test("on a bond, redirect hangs on its mode and its ports", () => {
    const bond = { ...card, kind: "bond", parent: undefined };
    expect(recommend(bond).redirect).toMatchObject({
      mode: "drv",
      reason: /which its mode selects: all ports' drivers can now/,
    });
    expect(recommend({ ...bond, xdp: all(NO) }).monitor.reason).toContain("modes balance-rr");
    // Before Linux 6.3 the kernel does not tell.
    const old = xdpSupport(undefined, "bonding", "6.1.0");
    expect(old.redirect).toMatchObject({ answer: "unknown", reason: /the drivers of all its ports/ });
    expect(old.native.answer).toBe("unknown");
    expect(xdpSupport(undefined, "bonding", "5.10.0").native.answer).toBe("no");
    const tried = { frags: false, reason: undefined, mode: "drv", outcome: "attached" } as const;
    expect(recommend({ ...bond, xdp: old, trials: [tried] }).redirect).toMatchObject({
      mode: "drv",
      reason: /does not tell/,
    });
  });
});

describe("what to change", () => {
  test("an interface that is down", () => {
    expect(commands({ up: false, name: "it's" }).needed).toEqual(["ip link set dev 'it'\\''s' up"]);
  });

  test("an MTU that takes several buffers, where the driver gives one", () => {
    const single = { ...all(YES), frags: NO };
    expect(commands({ mtu: 9000 }).needed).toEqual([]);
    expect(commands({ mtu: 9000, xdp: single }).needed).toEqual(["ip link set dev eth0 mtu 3050"]);
    const peerFacts = { name: "veth1", transmitQueues: 1 };
    expect(commands({ mtu: 9000, xdp: single, kind: "veth", peerFacts }).needed).toContain(
      "ip link set dev veth1 mtu 3050",
    );
  });

  test("offloads that merge packets", () => {
    const lro = { name: "rx-lro", active: true, changeable: true };
    expect(commands({ offloads: [lro] }).needed).toEqual(["ethtool -K eth0 rx-lro off"]);
    expect(commands({ offloads: [{ ...lro, active: false }] }).needed).toEqual([]);
    expect(commands({ offloads: [lro], xdp: all(NO) }).needed).toEqual([]);
    const fixed = recommend({ ...card, offloads: [{ ...lro, changeable: false }] }).changes;
    expect(fixed).toMatchObject([{ commands: [], needed: false }]);
  });

  test("headers and data of TCP in buffers of their own", () => {
    const split = (tcpDataSplit: boolean) => ({
      rings: {
        receive: undefined,
        receiveMini: undefined,
        receiveJumbo: undefined,
        transmit: undefined,
        receiveBuffer: undefined,
        tcpDataSplit,
        completionEntry: undefined,
      },
    });
    expect(commands(split(true)).needed).toEqual(["ethtool -G eth0 tcp-data-split off"]);
    expect(commands(split(false)).needed).toEqual([]);
    expect(commands({ ...split(true), xdp: all(NO) }).needed).toEqual([]);
  });

  test("a card may be reset for all but to be switched on, what is no hardware not", () => {
    const lro = [{ name: "rx-lro", active: true, changeable: true }];
    const interrupting = (facts: Partial<RecommendationFacts>) =>
      recommend({ ...card, ...facts }).changes.map(({ interrupts }) => interrupts);
    expect(interrupting({ up: false, offloads: lro })).toEqual([false, true]);
    expect(interrupting({ offloads: lro, parent: undefined })).toEqual([false]);
    expect(interrupting({ offloads: [{ name: "rx-lro", active: true, changeable: false }] })).toEqual([false]);
  });

  test("fewer channels than CPUs", () => {
    const channels = (count: number, largest: number) => ({
      channels: { combined: { count, largest }, receive: undefined, transmit: undefined, other: undefined },
    });
    expect(commands(channels(2, 63)).better).toEqual(["ethtool -L eth0 combined 8"]);
    expect(commands(channels(2, 4)).better).toEqual(["ethtool -L eth0 combined 4"]);
    expect(commands(channels(8, 63)).better).toEqual([]);
    // Some cards have channels for each direction.
    const apart = { receive: { count: 2, largest: 16 }, transmit: { count: 2, largest: 16 } };
    expect(commands({ channels: { ...apart, combined: undefined, other: undefined } }).better).toEqual([
      "ethtool -L eth0 rx 8",
    ]);
    const virtual = { driver: { name: "virtio_net", version: undefined, firmware: undefined, bus: undefined } };
    expect(commands({ ...channels(8, 12), ...virtual }).better).toEqual(["ethtool -L eth0 combined 4"]);
  });

  test("a veth with fewer receive queues than its other end sends on", () => {
    const pair = { kind: "veth", parent: undefined, receiveQueues: 1, peerFacts: { name: "veth1", transmitQueues: 4 } };
    const receive = (largest: number) => ({
      channels: { receive: { count: 1, largest }, combined: undefined, transmit: undefined, other: undefined },
    });
    expect(commands({ ...pair, ...receive(4) }).needed).toEqual(["ethtool -L eth0 rx 4"]);
    expect(commands({ ...pair, ...receive(2) }).needed).toEqual(["ethtool -L veth1 tx 2"]);
  });

  test("tags that the card takes off, and a veth that frames are lost to", () => {
    const offloads = [{ name: "rx-vlan-hw-parse", active: true, changeable: true }];
    expect(commands({ offloads }).better).toEqual(["ethtool -K eth0 rxvlan off"]);
    const xdp = { ...all(YES), redirectTarget: NO };
    const peerFacts = { name: "veth1", transmitQueues: 1 };
    expect(commands({ kind: "veth", xdp, peerFacts }).better).toEqual(["ethtool -K veth1 gro on"]);
  });
});

test("what the kernel says of frames in several buffers is told", () => {
  const features = new Set(["basic", "ndo-xmit", "xsk-zerocopy"] as const);
  const capabilities = { index: 2, features, zeroCopySegments: 1, metadata: undefined, socketFeatures: undefined };
  expect(xdpSupport(capabilities, "igb", "6.12.0")).toMatchObject({
    redirectTarget: YES,
    redirectTargetFrags: { answer: "no", reason: /in several buffers/ },
    zeroCopySegments: 1,
  });
  const more = { ...capabilities, features: new Set([...features, "ndo-xmit-sg"] as const) };
  expect(xdpSupport(more, "igb", "6.12.0").redirectTargetFrags).toEqual(YES);
});

describe("what an old kernel does not say", () => {
  test("is known of many drivers, by release", () => {
    expect(xdpSupport(undefined, "igb", "5.10.0-9-amd64")).toMatchObject({
      source: "table",
      citation: "https://git.kernel.org/linus/9cbc948b5a20",
      native: YES,
      zeroCopy: { answer: "no", reason: "igb has zero-copy sockets since Linux 6.14" },
      redirectTarget: { answer: "unknown" },
    });
    // Where no commit brought it, releases were looked through.
    expect(xdpSupport(undefined, "e1000e", "6.1.0").citation).toBe("the source code of Linux 7.1");
    expect(xdpSupport(undefined, "igb", "5.9.1").native.answer).toBe("no");
    expect(xdpSupport(undefined, "e1000e", "6.1.0").native).toEqual({
      answer: "no",
      reason: "e1000e has no native XDP, as far as is known",
    });
  });

  test("is not guessed of others", () => {
    expect(xdpSupport(undefined, "acme", "6.1.0")).toMatchObject({ source: "unknown", native: { answer: "unknown" } });
    expect(xdpSupport(undefined, undefined, "6.1.0").source).toBe("unknown");
  });
});

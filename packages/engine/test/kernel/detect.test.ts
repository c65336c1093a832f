import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { writeObject } from "@weir/bytecode";
import { type DetectedInterface, type Detection, detect, watch } from "@weir/engine";
import {
  attachXdp,
  findInterface,
  inNetworkNamespace,
  kernelFacts,
  loadObject,
  mountBpfFileSystem,
  type NetworkInterface,
} from "@weir/kernel";
import {
  type CommandResult,
  type InterfaceOfKind,
  interfacesOfKinds,
  NetworkNamespace,
  runCommand,
  tryCommand,
} from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFacts } from "../../src/detect/interface-facts.ts";
import { passObject, tryModes } from "../../src/detect/trials.ts";
import { ownProgram } from "../../src/own-program.ts";

/** What `ip -details -json link show` prints of an interface, as far as it is compared. */
interface IpLink {
  readonly ifindex: number;
  readonly mtu: number;
  readonly address?: string;
  readonly operstate: string;
  readonly flags: readonly string[];
  readonly link_type: string;
  readonly xdp?: object;
  readonly max_mtu: number;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly num_rx_queues: number;
  readonly num_tx_queues: number;
}

/** Interfaces that are looked at, and the network namespace that they are in. */
interface Place {
  readonly names: readonly string[];
  try(command: string, words: readonly string[]): CommandResult;
  inside<Result>(act: () => Result): Result;
}

let namespace: NetworkNamespace;
let kinds: readonly InterfaceOfKind[];
let withProgram: NetworkNamespace;
let onlyIpv6: NetworkNamespace;
let folder: string;
let object: string;

beforeAll(() => {
  namespace = NetworkNamespace.create({ ipv6: "auto" });
  kinds = interfacesOfKinds(namespace);
  folder = mkdtempSync(join(tmpdir(), "weir-detect-"));
  object = join(folder, "pass.o");
  writeFileSync(object, writeObject(passObject()));
  withProgram = NetworkNamespace.create();
  makePair(withProgram);
  withProgram.run("ip", ["link", "set", "dev", "veth1", "xdpdrv", "object", object, "section", "xdp"]);
  onlyIpv6 = NetworkNamespace.create({ ipv6: "auto" });
  makePair(onlyIpv6);
  onlyIpv6.run("ip", ["-4", "address", "flush", "dev", "lo"]);
  onlyIpv6.run("ip", ["address", "add", "2001:db8::1/64", "dev", "veth0"]);
});

afterAll(() => {
  for (const made of [namespace, withProgram, onlyIpv6]) made[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

function makePair(into: NetworkNamespace): void {
  into.run("ip", ["link", "add", "veth0", "type", "veth", "peer", "name", "veth1"]);
  for (const name of ["veth0", "veth1"]) into.run("ip", ["link", "set", "dev", name, "up"]);
}

const placeOf = (place: NetworkNamespace, names: readonly string[]): Place => ({
  names,
  try: (command, words) => place.try(command, words),
  inside: (act) => inNetworkNamespace(place.path, act),
});

/** Where something may be attached, by name. */
const PLACES: Readonly<Record<string, () => Place>> = {
  "all kinds": () =>
    placeOf(
      namespace,
      kinds.map(({ name }) => name),
    ),
  "a veth whose other end has a program": () => placeOf(withProgram, ["veth0"]),
  "a namespace without IPv4": () => placeOf(onlyIpv6, ["lo", "veth0"]),
};

/** And this machine's own interfaces, which are only looked at. */
const ALL_PLACES: typeof PLACES = {
  ...PLACES,
  "this machine": () => ({
    names: Object.keys(networkInterfaces()),
    try: tryCommand,
    inside: (act) => act(),
  }),
};

const inside = <Result>(act: () => Result): Result => inNetworkNamespace(namespace.path, act);
const only = ({ interfaces: [found] }: Detection): DetectedInterface => {
  if (found === undefined) throw new Error("nothing was detected");
  return found;
};

test("there are interfaces of many kinds to look at", () => {
  expect(kinds.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      "loopback",
      "veth",
      "veth whose other end has GRO",
      "tap",
      "tun",
      "bridge",
      "macvlan on a veth",
    ]),
  );
});

/** Whether iproute2 can attach a program in a mode. */
function attachesByIp(place: Pick<Place, "try">, name: string, mode: "xdpdrv" | "xdpgeneric" | "xdpoffload"): boolean {
  const { code } = place.try("ip", ["link", "set", "dev", name, mode, "object", object, "section", "xdp"]);
  if (code === 0) place.try("ip", ["link", "set", "dev", name, mode, "off"]);
  return code === 0;
}

test.each(Object.keys(PLACES))("what is told of each mode is what iproute2 finds when it attaches: %s", (what) => {
  const place = placeAt(what);
  for (const name of place.names) {
    const found = place.inside(() => only(detect([name], { try: true })));
    const native = attachesByIp(place, name, "xdpdrv");
    const isLong = found.mtu > (found.singleBufferMtu ?? Number.POSITIVE_INFINITY);
    // One that has long frames takes programs with frags alone.
    if (!isLong) expect([name, found.xdp.native.answer]).toEqual([name, native ? "yes" : "no"]);
    const outcomes = Object.fromEntries(
      (found.trials ?? []).map(({ mode, frags, outcome }) => [frags ? `${mode} frags` : mode, outcome]),
    );
    expect([name, outcomes]).toEqual([
      name,
      {
        drv: native ? "attached" : "refused",
        "drv frags": native || isLong ? "attached" : "refused",
        skb: attachesByIp(place, name, "xdpgeneric") ? "attached" : "refused",
        hw: attachesByIp(place, name, "xdpoffload") ? "attached" : "refused",
      },
    ]);
    const { mode } = found.recommendation.monitor;
    expect([name, mode]).toEqual([name, found.ethernet ? (native || isLong ? "drv" : "skb") : undefined]);
  }
});

function placeAt(what: string): Place {
  const place = ALL_PLACES[what]?.();
  if (place === undefined) throw new Error(`there is no place ${what}`);
  return place;
}

test.each(Object.keys(ALL_PLACES))("kind, MTU, state, queues and address are those of iproute2: %s", (what) => {
  const place = placeAt(what);
  for (const name of place.names) {
    const { stdout } = place.try("ip", ["-details", "-json", "link", "show", "dev", name]);
    // One interface, one record.
    const [link] = JSON.parse(stdout) as [IpLink];
    const found = place.inside(() => only(detect([name])));
    const own = link.link_type === "loopback" ? "loopback" : "physical";
    const kind = link.linkinfo?.info_kind ?? own;
    expect(found.operationalState.replaceAll("-", "")).toBe(link.operstate.toLowerCase());
    expect(found).toMatchObject({
      name,
      index: link.ifindex,
      kind: kind === "tun" ? name.slice(0, 3) : kind,
      mtu: link.mtu,
      up: link.flags.includes("UP"),
      carrier: !link.flags.includes("NO-CARRIER"),
      receiveQueues: link.num_rx_queues,
      transmitQueues: link.num_tx_queues,
      hardwareAddress: link.address,
    });
    expect([name, found.attached.length > 0]).toEqual([name, link.xdp !== undefined]);
    // A driver that takes programs with frags takes them up to its own limit.
    if (found.xdp.frags.answer === "yes") expect(found.fragsMtu).toBe(link.max_mtu);
  }
});

test.each(Object.keys(ALL_PLACES))("driver, offloads, channels and rings are those of ethtool: %s", (what) => {
  const place = placeAt(what);
  expect(place.names.length).toBeGreaterThan(0);
  for (const name of place.names) {
    const ethtool = (option: string) => printed(place.try("ethtool", [option, name]));
    const found = place.inside(() => only(detect([name])));
    const driver = /^driver: (.*)$/m.exec(ethtool("-i") ?? "")?.[1];
    expect([name, found.driver?.name]).toEqual([name, driver]);
    const features = ethtool("-k") ?? "";
    for (const { name: offload, active, changeable } of found.offloads ?? []) {
      const [, state, fixed] =
        new RegExp(`^\\s*${ETHTOOL_NAMES[offload] ?? offload}: (on|off)( \\[fixed\\])?`, "m").exec(features) ?? [];
      expect([name, offload, active ? "on" : "off"]).toEqual([name, offload, state]);
      expect([name, offload, changeable]).toEqual([name, offload, fixed === undefined]);
    }
    const { channels, rings } = found;
    for (const [title, told] of [
      ["RX", channels?.receive],
      ["TX", channels?.transmit],
      ["Combined", channels?.combined],
    ] as const) {
      expect([name, title, told?.largest, told?.count]).toEqual([name, title, ...numbers(ethtool("-l"), title)]);
    }
    for (const [title, told] of [
      ["RX", rings?.receive],
      ["TX", rings?.transmit],
    ] as const) {
      expect([name, title, told?.largest, told?.size]).toEqual([name, title, ...numbers(ethtool("-g"), title)]);
    }
  }
});

/** What ethtool calls some features in its list. */
const ETHTOOL_NAMES: Readonly<Record<string, string>> = {
  "rx-lro": "large-receive-offload",
  "rx-gro": "generic-receive-offload",
  "rx-checksum": "rx-checksumming",
  "rx-vlan-hw-parse": "rx-vlan-offload",
};

/** Undefined where the driver does not tell. */
function printed({ code, stdout }: { readonly code: number | null; readonly stdout: string }): string | undefined {
  return code === 0 ? stdout : undefined;
}

/** The most that can be, and what is set: ethtool prints both below headings of their own. */
function numbers(text: string | undefined, title: string): [largest: number | undefined, now: number | undefined] {
  const [most = "", set = ""] = text?.split("Current hardware settings:") ?? [];
  const numberIn = (part: string) => {
    const number = new RegExp(`^${title}:\\s*(\\d+)$`, "m").exec(part)?.[1];
    return number === undefined ? undefined : Number(number);
  };
  return [numberIn(most), numberIn(set)];
}

describe("an interface with a program", () => {
  // Whoever lists all programs holds each for a moment.
  test("by netlink: which, and that no link holds it", { retry: 3 }, () => {
    namespace.run("ip", ["link", "set", "dev", "veth0", "xdpdrv", "object", object, "section", "xdp"]);
    try {
      const { attached, trials } = inside(() => only(detect(["veth0"], { try: true })));
      expect(attached).toMatchObject([{ mode: "drv", by: "netlink", linkId: undefined, holders: [] }]);
      const shown = runCommand("bpftool", ["prog", "show", "id", String(attached[0]?.programId)]);
      expect(shown).toMatch(new RegExp(`tag ${attached[0]?.tag}\\s`));
      // Nothing is tried where a program is.
      expect(new Set(trials?.map(({ outcome }) => outcome))).toEqual(new Set(["not tried"]));
    } finally {
      namespace.run("ip", ["link", "set", "dev", "veth0", "xdpdrv", "off"]);
    }
  });
});

test("a program by link: which link, and the process and the pin that hold it", () => {
  const pins = mkdtempSync(join(folder, "pins-"));
  mountBpfFileSystem(pins);
  try {
    inside(() => {
      using loaded = loadObject(passObject());
      const program = ownProgram(loaded, "weir_try");
      using attachment = attachXdp({ interface: "veth0", program, mode: "drv" });
      const path = join(pins, "link");
      attachment.pin(path);
      const { attached } = only(detect(["veth0"]));
      // What bpftool prints of one link.
      const link = JSON.parse(runCommand("bpftool", ["-j", "link", "show", "pinned", path])) as { readonly id: number };
      expect(attached).toMatchObject([{ mode: "drv", by: "link", linkId: link.id, programId: program.id }]);
      const holders = attached[0]?.holders.filter(({ held }) => held.kind === "link");
      expect(holders).toContainEqual(expect.objectContaining({ by: "process", pid: process.pid }));
      expect(holders).toContainEqual(expect.objectContaining({ by: "pin", path }));
      attachment.detach();
    });
  } finally {
    runCommand("umount", ["--lazy", pins]);
  }
});

test("a veth takes redirected frames while its other end has a program in the driver, or GRO", () => {
  const told = (name: string) => {
    const { xdp, recommendation } = inside(() => only(detect([name])));
    return [xdp.redirectTarget.answer, ...recommendation.changes.flatMap(({ commands }) => commands)];
  };
  expect(told("gro0")).toEqual(["yes"]);
  expect(told("veth0")).toEqual(["no", "ethtool -K veth1 gro on"]);
  namespace.run("ip", ["link", "set", "dev", "veth1", "xdpdrv", "object", object, "section", "xdp"]);
  expect(told("veth0")).toEqual(["yes"]);
  namespace.run("ip", ["link", "set", "dev", "veth1", "xdpdrv", "off"]);
  expect(told("veth0")).toEqual(["no", "ethtool -K veth1 gro on"]);
});

test("the MTUs that are told for a program without frags, and with, are the largest that the driver takes", () => {
  /** What attaching in the driver gives when both ends have an MTU. */
  const tried = (mtu: number) => {
    for (const name of ["veth0", "veth1"]) namespace.run("ip", ["link", "set", "dev", name, "mtu", String(mtu)]);
    const { trials = [] } = inside(() => only(detect(["veth0"], { try: true })));
    return trials.filter(({ mode }) => mode === "drv").map(({ outcome }) => outcome);
  };
  const { singleBufferMtu = 0, fragsMtu = 0 } = inside(() => only(detect(["veth0"])));
  try {
    expect(tried(singleBufferMtu)).toEqual(["attached", "attached"]);
    expect(tried(singleBufferMtu + 1)).toEqual(["refused", "attached"]);
    expect(tried(fragsMtu)).toEqual(["refused", "attached"]);
    expect(() => tried(fragsMtu + 1)).toThrow();
    expect(inside(() => only(detect(["tap0"]))).fragsMtu).toBeUndefined();
  } finally {
    tried(1500);
  }
});

test("a veth takes redirected frames in several buffers, a tap those in one", () => {
  const told = (name: string) => {
    const { redirectTarget, redirectTargetFrags } = inside(() => only(detect([name]))).xdp;
    return [redirectTarget.answer, redirectTargetFrags.answer];
  };
  expect(told("gro0")).toEqual(["yes", "yes"]);
  expect(told("tap0")).toEqual(["yes", "no"]);
});

describe("interfaces on each other", () => {
  const commandsFor = (name: string, needed: boolean) => {
    const { changes } = inside(() => only(detect([name]))).recommendation;
    return changes.filter((change) => change.needed === needed).flatMap(({ commands }) => commands);
  };

  test("a bridge with ports, and a port of it, say where to attach", () => {
    namespace.run("ip", ["link", "add", "port0", "type", "veth", "peer", "name", "port1"]);
    namespace.run("ip", ["link", "set", "port0", "up", "master", "bridge0"]);
    try {
      const why = inside(() => only(detect(["port0"]))).recommendation.changes.map((change) => change.why);
      expect(why).toContainEqual(expect.stringContaining("it is a port of bridge0 (bridge)"));
      expect(commandsFor("bridge0", false)).toEqual(["weir watch port0"]);
    } finally {
      namespace.run("ip", ["link", "delete", "port0"]);
    }
  });

  test("a program on a bridge sees what is for this machine alone, one on its port what comes in there", async () => {
    using middle = NetworkNamespace.create({ ipv6: "off" });
    using left = NetworkNamespace.create({ ipv6: "off" });
    using right = NetworkNamespace.create({ ipv6: "off" });
    middle.run("ip", ["link", "add", "bridge0", "type", "bridge"]);
    middle.run("ip", ["link", "set", "bridge0", "up"]);
    middle.run("ip", ["address", "add", "192.0.2.9/24", "dev", "bridge0"]);
    for (const [end, number] of [
      [left, 1],
      [right, 2],
    ] as const) {
      const [port, peer] = [`port${number}`, ["peer", "name", "eth0", "netns", end.name]];
      middle.run("ip", ["link", "add", port, "type", "veth", ...peer]);
      middle.run("ip", ["link", "set", port, "master", "bridge0", "up"]);
      end.run("ip", ["address", "add", `192.0.2.${number}/24`, "dev", "eth0"]);
      end.run("ip", ["link", "set", "eth0", "up"]);
    }
    /** Sends three datagrams to the bridge's other port, and two to this machine; what a monitor counts of them. */
    const counted = async (name: string) => {
      using monitor = inNetworkNamespace(middle.path, () => watch(name));
      const frames = () => Number(monitor.snapshot()[0]?.counters.udp);
      left.run("bash", ["-c", "for i in 1 2 3; do echo > /dev/udp/192.0.2.2/7; done"]);
      left.run("bash", ["-c", "for i in 1 2; do echo > /dev/udp/192.0.2.9/7; done"]);
      await expect.poll(frames).toBeGreaterThanOrEqual(2);
      await setTimeout(200);
      return frames();
    };
    expect(await counted("bridge0")).toBe(2);
    expect(await counted("port1")).toBe(5);
  });

  test("below one with a program nothing can be attached, and that is told", () => {
    expect(commandsFor("low0", true)).toEqual(["ip link set dev low0 up"]);
    namespace.run("ip", ["link", "set", "dev", "macvlan0", "xdpgeneric", "object", object, "section", "xdp"]);
    try {
      expect(attachesByIp(namespace, "low0", "xdpdrv")).toBe(false);
      expect(commandsFor("low0", true)).toEqual(["ip link set dev low0 up", "weir detect macvlan0"]);
    } finally {
      namespace.run("ip", ["link", "set", "dev", "macvlan0", "xdpgeneric", "off"]);
    }
    expect(attachesByIp(namespace, "low0", "xdpdrv")).toBe(true);
  });
});

test("looking changes nothing", () => {
  const state = () => {
    // Bridges count down to something.
    const links = namespace.run("ip", ["-details", "link", "show"]).replace(/\w+_timer +[\d.]+/g, "");
    return [links, ...kinds.map(({ name }) => namespace.try("ethtool", ["-k", name]).stdout)];
  };
  const before = state();
  inside(() => detect());
  expect(state()).toEqual(before);
});

test("all that weir's programs need is there, or said to be missing with the reason", () => {
  const { kernel } = inside(() => detect(["lo"]));
  const lacking = kernel.needs.filter(({ available }) => available.answer !== "yes");
  expect(kernel.needs.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["array", "per-cpu-array", "cpu-map", "device-map", "bpf_redirect_map", "bpf_jiffies64"]),
  );
  expect(lacking).toEqual([]);
});

test("an interface that is not there is an error that names those that are", () => {
  expect(() => inside(() => detect(["nowhere0"]))).toThrow('There is no interface named "nowhere0"');
});

describe("a question that the kernel answers with an error", () => {
  const facts = (target: NetworkInterface) =>
    inside(() => findFacts(target, kernelFacts().release, () => ({ holders: [], unseen: [] })));

  test("is not known, with the reason, and the rest is told", () => {
    namespace.run("ip", ["link", "add", "asked0", "type", "veth", "peer", "name", "asked1"]);
    const target = inside(() => findInterface("asked0"));
    // The driver alone is asked for by name.
    namespace.run("ip", ["link", "set", "dev", "asked0", "name", "renamed0"]);
    const found = facts(target);
    namespace.run("ip", ["link", "delete", "renamed0"]);
    expect(found.unanswered).toEqual([{ question: "driver", reason: "ETHTOOL_GDRVINFO failed: ENODEV" }]);
    expect(found).toMatchObject({ driver: undefined, kind: "veth", xdp: { native: { answer: "yes" } } });
    expect(found.channels?.receive?.count).toBe(1);
    expect(found.offloads).toContainEqual({ name: "rx-gro", active: false, changeable: true });
  });

  test("says nothing when the interface has gone: that is told", () => {
    namespace.run("ip", ["link", "add", "asked0", "type", "veth", "peer", "name", "asked1"]);
    const target = inside(() => findInterface("asked0"));
    namespace.run("ip", ["link", "delete", "asked0"]);
    expect(() => facts(target)).toThrow(expect.objectContaining({ code: "WEIR_NO_INTERFACE" }));
  });

  test("about offloads keeps generic XDP, which changes them, from being tried", () => {
    const untold = { question: "offloads", reason: "ETHTOOL_MSG_FEATURES_GET failed: EIO" } as const;
    const trials = inside(() => tryModes(findInterface("veth0"), [untold]));
    expect(trials.map(({ mode, outcome }) => [mode, outcome])).toContainEqual(["skb", "not tried"]);
    expect(trials.map(({ mode, outcome }) => [mode, outcome])).toContainEqual(["drv", "attached"]);
  });
});

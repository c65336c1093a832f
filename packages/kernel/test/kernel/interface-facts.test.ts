/** What the kernel says of interfaces of every kind, as weir reads it, against what iproute2 and ethtool show. */
import {
  type ChannelCount,
  channels,
  type DeviceFeatures,
  deviceFeatures,
  driverInfo,
  findInterface,
  inNetworkNamespace,
  interfaces,
  type NetworkInterface,
  type RingSize,
  rings,
} from "@weir/kernel";
import { type CommandResult, NetworkNamespace, requireTool, runCommand, tryCommand } from "@weir/laboratory";
import { expect, test } from "vitest";

/** A place where commands are run: a namespace, or this machine, which is only looked at. */
interface Place {
  run(command: string, words: readonly string[]): string;
  try(command: string, words: readonly string[]): CommandResult;
}

/** Some kernels lack some kinds: what cannot be made is not compared. The indexes are told for `link`. */
const KINDS: readonly (readonly string[])[] = [
  ["link", "add", "veth0", "numrxqueues", "3", "type", "veth", "peer", "name", "veth1"],
  ["link", "property", "add", "dev", "veth0", "altname", "a-name-that-is-longer-than-fifteen-bytes"],
  ["link", "add", "bridge0", "type", "bridge"],
  ["link", "set", "veth1", "master", "bridge0"],
  ["link", "add", "macvlan0", "link", "veth0", "type", "macvlan"],
  ["link", "add", "vlan0", "link", "veth0", "type", "vlan", "id", "4094"],
  ["link", "add", "dummy0", "mtu", "9000", "type", "dummy"],
  ["link", "add", "ifb7", "type", "ifb"],
  ["link", "add", "bond7", "type", "bond"],
  ["link", "add", "sit7", "type", "sit", "remote", "192.0.2.7"],
  ["tuntap", "add", "dev", "tap0", "mode", "tap", "multi_queue"],
  ["tuntap", "add", "dev", "tun0", "mode", "tun"],
  ["link", "set", "veth0", "up"],
  ["link", "set", "macvlan0", "up"],
  ["link", "set", "bridge0", "up"],
];

const withoutTools = requireTool("ip", "ethtool");

test.skipIf(withoutTools)("interfaces of every kind are told as iproute2 and ethtool tell them", () => {
  using namespace = NetworkNamespace.create();
  using other = NetworkNamespace.create();
  for (const words of KINDS) namespace.try("ip", words);
  namespace.run("ip", ["link", "add", "far0", "type", "veth", "peer", "name", "far1", "netns", other.name]);
  inNetworkNamespace(namespace.path, () => {
    const all = interfaces();
    const names = all.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["lo", "veth0", "veth1", "bridge0", "macvlan0", "tap0", "far0"]));
    compare(namespace);
    expect(findInterface("far0").peer).toMatchObject({ namespace: expect.any(Number) });
    expect(findInterface("veth1").master).toBe(findInterface("bridge0").index);
    expect(findInterface("macvlan0").lower).toEqual({ index: findInterface("veth0").index, namespace: undefined });
    if (names.includes("vlan0")) expect(findInterface("vlan0").vlanId).toBe(4094);
  });
});

test.skipIf(withoutTools)("so are this machine's own interfaces, which are only looked at", () => {
  compare({ run: runCommand, try: tryCommand });
});

function compare(place: Place): void {
  // The shape is that of iproute2, which the comparison checks.
  const told = JSON.parse(place.run("ip", ["-d", "-j", "link", "show"])) as IpLink[];
  const all = interfaces();
  expect(all.map(({ name }) => name).sort()).toEqual(told.map(({ ifname }) => ifname).sort());
  for (const link of told) {
    const found = findInterface(link.ifname);
    expect(inIpWords(found, all)).toEqual(pickFrom(link));
    expect(driverInfo(found.name)).toEqual(driverOf(place.try("ethtool", ["-i", found.name])));
    compareFeatures(deviceFeatures(found.index), place.try("ethtool", ["-k", found.name]));
    const channelsTold = sections(place.try("ethtool", ["-l", found.name]));
    expect(inSections(channels(found.index), "RX", "TX", "Other", "Combined")).toEqual(channelsTold);
    const ringsTold = sections(place.try("ethtool", ["-g", found.name]));
    expect(inSections(rings(found.index), "RX", "RX Mini", "RX Jumbo", "TX")).toEqual(ringsTold);
  }
}

/** What is compared of what `ip -d -j link` prints. */
interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly operstate: string;
  readonly address?: string;
  readonly link_type: string;
  readonly permaddr?: string;
  readonly min_mtu: number;
  readonly max_mtu: number;
  readonly num_tx_queues: number;
  readonly num_rx_queues: number;
  readonly altnames?: readonly string[];
  readonly master?: string;
  readonly link?: string | null;
  readonly link_index?: number;
  readonly link_netnsid?: number;
  readonly parentbus?: string;
  readonly parentdev?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: { readonly id?: number } };
}

function pickFrom(link: IpLink) {
  return {
    index: link.ifindex,
    name: link.ifname,
    isUp: link.flags.includes("UP"),
    hasNoCarrier: link.flags.includes("NO-CARRIER"),
    mtu: link.mtu,
    state: link.operstate,
    // iproute2 writes the addresses of tunnels as IP addresses.
    address: ["ether", "loopback"].includes(link.link_type) ? link.address : undefined,
    permanent: link.permaddr,
    mtuLimits: [link.min_mtu, link.max_mtu],
    queues: [link.num_tx_queues, link.num_rx_queues],
    alternativeNames: link.altnames ?? [],
    master: link.master,
    link: link.link ?? link.link_index ?? undefined,
    namespace: link.link_netnsid,
    bus: link.parentbus,
    device: link.parentdev,
    kind: link.linkinfo?.info_kind,
    vlan: link.linkinfo?.info_kind === "vlan" ? link.linkinfo.info_data?.id : undefined,
  };
}

function inIpWords(found: NetworkInterface, all: readonly NetworkInterface[]): ReturnType<typeof pickFrom> {
  const nameOf = (index: number | undefined) => all.find((candidate) => candidate.index === index)?.name;
  const linked = found.lower ?? found.peer;
  const isTold = found.permanentAddress !== found.hardwareAddress;
  return {
    index: found.index,
    name: found.name,
    isUp: found.up,
    hasNoCarrier: found.up && !found.carrier,
    mtu: found.mtu,
    state: found.operationalState.replaceAll("-", "").toUpperCase(),
    address: found.ethernet ? found.hardwareAddress : undefined,
    permanent: isTold ? found.permanentAddress : undefined,
    mtuLimits: [found.smallestMtu ?? 0, found.largestMtu ?? 0],
    queues: [found.transmitQueues, found.receiveQueues],
    alternativeNames: found.alternativeNames,
    master: nameOf(found.master),
    link: linked?.namespace === undefined ? nameOf(linked?.index) : linked.index,
    namespace: linked?.namespace,
    bus: found.parent?.bus,
    device: found.parent?.name,
    kind: found.kind,
    vlan: found.vlanId,
  };
}

function driverOf({ code, stdout }: CommandResult) {
  if (code !== 0) return undefined;
  const line = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(stdout)?.[1];
  const told = (name: string) => [line(name)].find((value) => value !== "" && value !== "N/A");
  return { name: line("driver"), version: told("version"), firmware: told("firmware-version"), bus: told("bus-info") };
}

/** ethtool's own names for some features, and for sums of several, which are left out. */
const OLD_NAMES: Readonly<Record<string, string | undefined>> = {
  "rx-checksumming": "rx-checksum",
  "generic-segmentation-offload": "tx-generic-segmentation",
  "generic-receive-offload": "rx-gro",
  "large-receive-offload": "rx-lro",
  "rx-vlan-offload": "rx-vlan-hw-parse",
  "tx-vlan-offload": "tx-vlan-hw-insert",
  "ntuple-filters": "rx-ntuple-filter",
  "receive-hashing": "rx-hashing",
};
const SUMS: ReadonlySet<string> = new Set([
  "tx-checksumming",
  "scatter-gather",
  "tcp-segmentation-offload",
  "udp-fragmentation-offload",
]);

function compareFeatures(features: DeviceFeatures | undefined, { stdout }: CommandResult): void {
  const lines = [...stdout.matchAll(/^\t?([\w-]+): (on|off)( \[fixed\])?/gm)];
  const told = lines.filter(([, name = ""]) => !SUMS.has(name));
  expect(told.length).toBeGreaterThan(40);
  for (const [, shown = "", state, fixed] of told) {
    const name = OLD_NAMES[shown] ?? shown;
    expect([name, features?.active.has(name)]).toEqual([name, state === "on"]);
    expect([name, features?.changeable.has(name)]).toEqual([name, fixed === undefined]);
  }
}

type Rows = Readonly<Record<string, readonly [largest: string, now: string]>>;

/** The two tables that `ethtool -l` and `ethtool -g` print: the most, and what is set. */
function sections({ code, stdout }: CommandResult): Rows | undefined {
  if (code !== 0) return undefined;
  const [most = "", set = ""] = stdout.split("Current hardware settings:");
  const rows = (text: string) => [...text.matchAll(/^(RX|TX|Other|Combined|RX Mini|RX Jumbo):\s+(\S+)$/gm)];
  const now = new Map(rows(set).map(([, name, value]) => [name, value]));
  return Object.fromEntries(rows(most).map(([, name = "", value = ""]) => [name, [value, now.get(name) ?? ""]]));
}

const FIELDS = {
  RX: "receive",
  TX: "transmit",
  Other: "other",
  Combined: "combined",
  "RX Mini": "receiveMini",
  "RX Jumbo": "receiveJumbo",
} as const;

function inSections(told: object | undefined, ...names: readonly (keyof typeof FIELDS)[]): Rows | undefined {
  if (told === undefined) return undefined;
  // Both records have these fields, of either form.
  const fields = told as Readonly<Record<string, ChannelCount | RingSize | undefined>>;
  return Object.fromEntries(
    names.map((name) => {
      const field = fields[FIELDS[name]];
      if (field === undefined) return [name, ["n/a", "n/a"]];
      return [name, [String(field.largest), String("count" in field ? field.count : field.size)]];
    }),
  );
}

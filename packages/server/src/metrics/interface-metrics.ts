import type { CounterName, Snapshot, WatchedInterface } from "@weir/engine";
import { counter, gauge, info, type MetricFamily, type Sample } from "./metric-family.ts";

/** An interface that is served, with what it counted last. */
export interface InterfaceReading {
  readonly subject: WatchedInterface;
  readonly snapshot: Snapshot;
}

type Names = readonly (readonly [label: string, counter: CounterName])[];

/** The layer above Ethernet: each frame that is sound so far is of one of them. */
const NETWORKS: Names = [
  ["ipv4", "ipv4"],
  ["ipv6", "ipv6"],
  ["arp", "arp"],
  ["llc", "llc_8023"],
  ["other", "other_ethertype"],
];

/** The layer above IP: each IP packet is of one of them. */
const PROTOCOLS: Names = [
  ["tcp", "tcp"],
  ["udp", "udp"],
  ["icmp", "icmp"],
  ["icmpv6", "icmpv6"],
  ["other", "other_proto"],
  ["unknown", "proto_unknown"],
];

/** What frames can be besides. */
const KINDS: Names = (
  [
    "vlan_single",
    "vlan_double",
    "vlan_more",
    "ipv4_frag_first",
    "ipv4_frag_later",
    "ipv6_frag_first",
    "ipv6_frag_later",
    "tcp_truncated",
    "udp_truncated",
    "malformed",
  ] as const
).map((name) => [name, name]);

/** What drops frames. */
const CAUSES: Names = [
  ["rule", "dropped_by_rule"],
  ["limit", "dropped_by_limit"],
  ["default", "dropped_by_default"],
];

/** What was counted on interfaces, but for single connections. */
export function interfaceMetrics(readings: readonly InterfaceReading[]): MetricFamily[] {
  /** One sample for each interface. */
  const each = (value: (snapshot: Snapshot) => number | bigint): Sample[] =>
    readings.map(({ snapshot }) => ({ labels: { interface: snapshot.interface }, value: value(snapshot) }));
  /** One sample for each interface and name. */
  const byName = (label: string, names: Names, of: (name: CounterName) => CounterName = (name) => name): Sample[] =>
    readings.flatMap(({ snapshot }) =>
      names.map(([text, name]) => ({
        labels: { interface: snapshot.interface, [label]: text },
        value: snapshot.counters[of(name)],
      })),
    );
  const measured = readings.flatMap(({ snapshot }) => {
    const { interface: name, program } = snapshot;
    return program === undefined ? [] : [{ labels: { interface: name }, program }];
  });

  const budgets = readings.flatMap(({ snapshot: { interface: name, sampling } }) =>
    sampling?.by === "packets" && sampling.budget ? [{ labels: { interface: name }, budget: sampling.budget }] : [],
  );

  return [
    info(
      {
        name: "weir_interface",
        help: "How weir is attached: the mode is drv (driver), skb (before the stack) or hw (card); fallback says why not drv.",
      },
      readings.map(({ subject, snapshot }) => ({
        interface: snapshot.interface,
        index: String(subject.index),
        mode: snapshot.mode,
        // To Prometheus, an empty label is none.
        ...(subject.fallback !== undefined && { fallback: subject.fallback.reason }),
        program_id: String(subject.programId),
      })),
    ),
    gauge(
      {
        name: "weir_interface_attached",
        help: "1 while weir counts on the interface; 0: it is gone, the numbers are the last.",
      },
      each(({ attached }) => (attached ? 1 : 0)),
    ),
    counter(
      { name: "weir_frames", help: "Frames that arrived." },
      each(({ counters }) => counters.frames),
    ),
    counter(
      {
        name: "weir_frame_bytes",
        unit: "bytes",
        help: "Bytes of the frames that arrived, from the Ethernet header on.",
      },
      each(({ counters }) => counters.bytes),
    ),
    counter(
      { name: "weir_network_packets", help: "Frames by what they carry above Ethernet." },
      byName("network", NETWORKS),
    ),
    counter(
      { name: "weir_network_bytes", unit: "bytes", help: "Bytes of whole frames by what they carry above Ethernet." },
      byName("network", NETWORKS, bytesOf),
    ),
    counter({ name: "weir_protocol_packets", help: "IP packets by protocol." }, byName("protocol", PROTOCOLS)),
    counter(
      { name: "weir_protocol_bytes", unit: "bytes", help: "Bytes of whole frames by IP protocol." },
      byName("protocol", PROTOCOLS, bytesOf),
    ),
    counter(
      {
        name: "weir_frame_kinds",
        help: "Frames with VLAN tags, fragments, truncated and malformed ones. A frame may be several of them.",
      },
      byName("kind", KINDS),
    ),
    counter(
      { name: "weir_verdicts", help: "What became of the frames." },
      readings.flatMap(({ snapshot }) =>
        verdictsOf(snapshot).map(([verdict, value]) => ({ labels: { interface: snapshot.interface, verdict }, value })),
      ),
    ),
    counter(
      { name: "weir_dropped_frames", help: "Frames that were dropped, by what decided: a rule, a limit, the default." },
      byName("cause", CAUSES),
    ),
    counter(
      { name: "weir_dropped_bytes", unit: "bytes", help: "Bytes of the frames that were dropped." },
      byName("cause", CAUSES, bytesOf),
    ),
    counter(
      {
        name: "weir_unattributed_frames",
        help: "Frames that belong to no connection by rule: not IP, malformed before the ports.",
      },
      each(({ counters }) => counters.unattributed),
    ),
    counter(
      { name: "weir_overflow_packets", help: "Packets of connections that found no place in the full table." },
      each(({ counters }) => counters.overflow),
    ),
    counter(
      { name: "weir_sampled_out_packets", help: "Packets that sampling left out of the connections." },
      each(({ counters }) => counters.sampled_out),
    ),
    gauge(
      { name: "weir_sampling_rate", help: "One of so many packets or flows is sampled now; 1 is all." },
      readings.map(({ snapshot: { interface: name, sampling } }) => ({
        labels: { interface: name, by: sampling?.by ?? "packets" },
        value: sampling?.rate ?? 1,
      })),
    ),
    gauge(
      { name: "weir_budget_share", help: "The part of one CPU that the program may take." },
      budgets.map(({ labels, budget }) => ({ labels, value: budget.share })),
    ),
    gauge(
      { name: "weir_budget_used_share", help: "The part of one CPU that the program took lately." },
      budgets.map(({ labels, budget }) => ({ labels, value: budget.used })),
    ),
    gauge(
      { name: "weir_connections", help: "Connections in the table that are not idle." },
      each(({ tracked }) => tracked),
    ),
    gauge(
      { name: "weir_connections_capacity", help: "Connections that the table is made for, per IP version and CPU." },
      each(({ capacity }) => capacity),
    ),
    gauge(
      { name: "weir_connections_idle", help: "Connections that were idle and count as gone; the totals keep them." },
      each(({ evicted }) => evicted.connections),
    ),
    gauge(
      {
        name: "weir_account_balanced",
        help: "1 while frames = connections + unattributed + overflow + sampled out, and = passed + dropped; 0 is a defect of weir.",
      },
      each(({ identity }) => (identity.holds ? 1 : 0)),
    ),
    counter(
      { name: "weir_program_runs", help: "Runs of the kernel program while the kernel measured them." },
      measured.map(({ labels, program }) => ({ labels, value: program.runs })),
    ),
    counter(
      { name: "weir_program_run_seconds", unit: "seconds", help: "Time that the kernel program took in those runs." },
      measured.map(({ labels, program }) => ({ labels, value: Number(program.nanoseconds) / 1e9 })),
    ),
  ];
}

/** Each frame is in one of them. */
function verdictsOf({ counters, steering }: Snapshot): readonly (readonly [string, bigint])[] {
  const dropped = CAUSES.reduce((sum, [, name]) => sum + counters[name], 0n);
  if (steering === undefined) {
    return [
      ["pass", counters.frames - dropped],
      ["drop", dropped],
    ];
  }
  return [
    ["pass", steering.passed.packets],
    ["redirect", steering.redirected],
  ];
}

/** The counter of the bytes beside a counter of frames; all of the networks, protocols and causes have one. */
function bytesOf(name: CounterName): CounterName {
  return `${name}_bytes` as CounterName;
}

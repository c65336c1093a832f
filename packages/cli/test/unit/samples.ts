import {
  COUNTER_NAMES,
  type Connection,
  type CounterName,
  type Counters,
  type Rates,
  type Snapshot,
} from "@weir/engine";

/** Counters that are zero but for some. */
export function counters(some: Partial<Record<CounterName, bigint>> = {}): Counters {
  // Every name has got its value.
  return { ...Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0n])), ...some } as Counters;
}

/** `CLOCK_MONOTONIC` in the samples. */
export const NOW = 100_000_000_000n;

/** A connection with rates; TCP over IPv4 but for what is given. */
export function connection(some: Partial<Connection & Rates> = {}): Connection & Rates {
  return {
    kind: "l4",
    protocol: { number: 6, name: "tcp" },
    source: "192.0.2.1",
    sourcePort: 43210,
    destination: "198.51.100.20",
    destinationPort: 443,
    packets: 1234n,
    bytes: 1_234_567n,
    drops: 0n,
    lastSeen: NOW - 2_000_000_000n,
    packetsPerSecond: 12,
    bytesPerSecond: 12_345,
    ...some,
  };
}

/** A snapshot whose account balances, with one connection. */
export function snapshot(some: Partial<Snapshot> = {}): Snapshot {
  return {
    interface: "eth0",
    mode: "drv",
    fallback: undefined,
    attached: true,
    time: new Date("2026-11-22T12:00:00.500Z"),
    seconds: 12,
    counters: counters({ frames: 1238n, bytes: 1_234_900n, ipv4: 1234n, tcp: 1234n, arp: 4n, unattributed: 4n }),
    rates: { packetsPerSecond: 12.5, bytesPerSecond: 12_400 },
    sampling: undefined,
    connections: [connection()],
    tracked: 1,
    capacity: 10_240,
    connectionTotals: { packets: 1234n, bytes: 1_234_567n },
    evicted: { connections: 0n, packets: 0n, bytes: 0n },
    identity: {
      seenBefore: 1238n,
      seenAfter: 1238n,
      accounted: 1234n,
      unattributed: 4n,
      overflow: 0n,
      sampledOut: 0n,
      passed: 1238n,
      dropped: { byRule: 0n, byLimit: 0n, byDefault: 0n },
      holds: true,
      exact: true,
    },
    program: undefined,
    ...some,
  };
}

/** Connections of all kinds, one with the longest addresses there are. */
export const MIXED = [
  connection(),
  connection({
    protocol: { number: 17, name: "udp" },
    source: "2001:db8::1",
    destination: "2001:db8::2",
    destinationPort: 53,
    packets: 812_345n,
  }),
  connection({
    protocol: { number: 17, name: "udp" },
    kind: "frag",
    sourcePort: 0,
    destinationPort: 0,
    packets: 3n,
    bytes: 4_200n,
  }),
  connection({
    protocol: { number: 58, name: "icmpv6" },
    kind: "noport",
    source: "fe80::1",
    destination: "ff02::16",
    packetsPerSecond: 0,
    bytesPerSecond: 0,
  }),
  connection({
    source: "2001:db8:1234:5678:9abc:def0:1234:5678",
    destination: "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    packetsPerSecond: 0.25,
  }),
];

import { connectionsFrom, type Truth } from "@weir/laboratory";

/** What the commands print with `--json`, as far as the tests compare it. */
export interface PrintedCounts {
  readonly counters: Readonly<Record<string, number>>;
  readonly connections: readonly PrintedConnection[];
}

interface PrintedConnection {
  readonly protocol: { readonly number: number };
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly kind: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What was counted, in the shape of the truth. */
export function countsIn({ counters, connections }: PrintedCounts): Truth {
  const rows = connections.map(({ protocol, packets, bytes, kind, ...ends }) => {
    const { source, sourcePort, destination, destinationPort } = ends;
    return [protocol.number, source, sourcePort, destination, destinationPort, kind, packets, bytes];
  });
  return { counters, connections: connectionsFrom(rows) };
}

/** What was counted from one moment to another; connections that did not grow are not in it. */
export function growth(before: Truth, after: Truth): Truth {
  const counters = Object.entries(after.counters).map(([name, count]) => [name, count - (before.counters[name] ?? 0)]);
  const connections = Object.entries(after.connections).map(([name, { packets, bytes }]) => {
    const old = before.connections[name] ?? { packets: 0, bytes: 0 };
    return [name, { packets: packets - old.packets, bytes: bytes - old.bytes }] as const;
  });
  return {
    counters: Object.fromEntries(counters),
    connections: Object.fromEntries(connections.filter(([, { packets, bytes }]) => packets !== 0 || bytes !== 0)),
  };
}

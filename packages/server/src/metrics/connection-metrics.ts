import type { Connection, Snapshot, StandardError, Traffic } from "@weir/engine";
import { counter, gauge, type Labels, type MetricFamily, type Sample } from "./metric-family.ts";

/** The connections of an interface that have series, and the counter of all others. */
export interface ListedConnections {
  readonly snapshot: Snapshot;
  readonly others: Traffic;
}

/** The traffic of the connections that carried most, and of all others in one series. */
export function connectionMetrics(interfaces: readonly ListedConnections[]): MetricFamily[] {
  const connections = interfaces.flatMap(({ snapshot }) =>
    snapshot.connections.map((connection) => ({ labels: labelsOf(snapshot.interface, connection), connection })),
  );
  const errors = (value: (error: StandardError) => number): Sample[] =>
    connections.flatMap(({ labels, connection: { standardError } }) =>
      standardError ? [{ labels, value: value(standardError) }] : [],
    );
  const others = (value: (traffic: Traffic) => bigint): Sample[] =>
    interfaces.map((each) => ({ labels: { interface: each.snapshot.interface }, value: value(each.others) }));
  return [
    counter(
      { name: "weir_connection_packets", help: "Packets of each of the connections that carried most bytes." },
      connections.map(({ labels, connection }) => ({ labels, value: connection.packets })),
    ),
    counter(
      {
        name: "weir_connection_bytes",
        unit: "bytes",
        help: "Bytes of each of the connections that carried most, whole frames.",
      },
      connections.map(({ labels, connection }) => ({ labels, value: connection.bytes })),
    ),
    gauge(
      {
        name: "weir_connection_packets_standard_error",
        help: "Standard error of the packets of a connection, where packets are sampled and they are an estimate.",
      },
      errors(({ packets }) => packets),
    ),
    gauge(
      {
        name: "weir_connection_bytes_standard_error",
        help: "Standard error of the bytes of a connection, where packets are sampled and they are an estimate.",
      },
      errors(({ bytes }) => bytes),
    ),
    counter(
      {
        name: "weir_other_connections_packets",
        help: "What connections gained in packets while they had no series of their own.",
      },
      others(({ packets }) => packets),
    ),
    counter(
      {
        name: "weir_other_connections_bytes",
        unit: "bytes",
        help: "What connections gained in bytes while they had no series of their own.",
      },
      others(({ bytes }) => bytes),
    ),
  ];
}

function labelsOf(interfaceName: string, connection: Connection): Labels {
  const { kind, protocol, source, sourcePort, destination, destinationPort } = connection;
  return {
    interface: interfaceName,
    kind,
    protocol: protocol.name,
    source,
    source_port: String(sourcePort),
    destination,
    destination_port: String(destinationPort),
  };
}

import type { Connection } from "@weir/engine";

/** `192.0.2.1:53`, `[2001:db8::1]:53`; the address alone for what has no ports. */
export function sourceText(connection: Connection): string {
  return endpointText(connection.source, portOf(connection, connection.sourcePort));
}

/** The same of the other end. */
export function destinationText(connection: Connection): string {
  return endpointText(connection.destination, portOf(connection, connection.destinationPort));
}

/** `tcp`; `udp frag` for the later fragments of packets, which carry no ports. */
export function protocolText({ protocol, kind }: Connection): string {
  return kind === "frag" ? `${protocol.name} frag` : protocol.name;
}

/** An address, with its port if it has one. */
export function endpointText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function portOf({ kind }: Connection, port: number): number | undefined {
  return kind === "l4" ? port : undefined;
}

import type { Connection } from "@weir/engine";

/** `192.0.2.1:53`, `[2001:db8::1]:53`; the address alone for what has no ports. */
export function sourceText(connection: Connection): string {
  return endpoint(connection, connection.source, connection.sourcePort);
}

/** The same of the other end. */
export function destinationText(connection: Connection): string {
  return endpoint(connection, connection.destination, connection.destinationPort);
}

/** `tcp`; `udp frag` for the later fragments of packets, which carry no ports. */
export function protocolText({ protocol, kind }: Connection): string {
  return kind === "frag" ? `${protocol.name} frag` : protocol.name;
}

function endpoint({ kind }: Connection, address: string, port: number): string {
  if (kind !== "l4") return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

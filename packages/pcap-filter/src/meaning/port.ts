import type { Span } from "../filter-error.ts";
import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import type { Direction } from "../syntax/expression.ts";
import { byDirection } from "./direction.ts";
import { LENGTH_OF_IP6 } from "./headers.ts";
import { and, compare, not, or, type Predicate, type Read } from "./predicate.ts";
import { ip4ProtocolIs, ip6NextIs, isFirstFragment } from "./protocol.ts";
import type { Reader } from "./reader.ts";
import { TRANSPORTS } from "./transport.ts";

/** Ports of a transport protocol or, undefined, of any of the three that weir knows ports of. */
export interface Ports {
  /** Whether a port is one of them. */
  readonly includes: (port: Read) => Predicate;
  readonly protocol: number | undefined;
  readonly direction: Direction | undefined;
}

/** Whether a packet has a port: IPv6 first, as in libpcap. */
export function hasPort(ports: Ports, span: Span, reader: Reader): Predicate {
  return or(hasPort6(ports, span, reader), hasPort4(ports, span, reader));
}

function hasPort4(ports: Ports, span: Span, reader: Reader): Predicate {
  const at = (offset: number): Read => reader.headers.readBehindIp4(2, offset);
  const of = (protocol: number): Predicate =>
    and(and(ip4ProtocolIs(protocol, reader), isFirstFragment(reader)), either(ports, at));
  return and(reader.isType(ETHERNET_IP, span), ofProtocols(ports, of));
}

function hasPort6(ports: Ports, span: Span, reader: Reader): Predicate {
  const at = (offset: number): Read => reader.headers.read(2, LENGTH_OF_IP6 + offset);
  const of = (protocol: number): Predicate => and(ip6NextIs(protocol, reader), either(ports, at));
  return and(reader.isType(ETHERNET_IP6, span), ofProtocols(ports, of));
}

function ofProtocols({ protocol }: Ports, of: (protocol: number) => Predicate): Predicate {
  return protocol === undefined ? or(of(TRANSPORTS.sctp), or(of(TRANSPORTS.tcp), of(TRANSPORTS.udp))) : of(protocol);
}

function either({ includes, direction }: Ports, at: (offset: number) => Read): Predicate {
  const source = (): Predicate => includes(at(0));
  const destination = (): Predicate => includes(at(2));
  return byDirection(direction, source, destination);
}

/** Compares with one port. */
export function isPort(number: number): Ports["includes"] {
  return (port) => compare(port, "eq", number);
}

/** Compares with the ports from one to another: twice, also where it is the same. */
export function isBetween(first: number, last: number): Ports["includes"] {
  return (port) => and(compare(port, "ge", first), not(compare(port, "gt", last)));
}

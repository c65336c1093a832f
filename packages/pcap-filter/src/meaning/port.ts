import type { Span } from "../filter-error.ts";
import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import type { Direction } from "../syntax/expression.ts";
import { byDirection } from "./direction.ts";
import { LENGTH_OF_IP6 } from "./headers.ts";
import { and, compare, type NumberValue, not, or, type Predicate, read } from "./predicate.ts";
import { ip4ProtocolIs, ip6NextIs, isFirstFragment } from "./protocol.ts";
import type { Reader } from "./reader.ts";
import { TRANSPORTS } from "./transport.ts";

/** Ports from one to another, of a transport protocol or, undefined, of any of the three that weir knows ports of. */
export interface Ports {
  readonly first: number;
  readonly last: number;
  /** A range is compared twice, also where it is of one port. */
  readonly isRange: boolean;
  readonly protocol: number | undefined;
  readonly direction: Direction | undefined;
}

/** Whether a packet has a port: IPv6 first, as in libpcap. */
export function hasPort(ports: Ports, span: Span, reader: Reader): Predicate {
  return or(hasPort6(ports, span, reader), hasPort4(ports, span, reader));
}

function hasPort4(ports: Ports, span: Span, reader: Reader): Predicate {
  const { network } = reader.headers;
  const at = (offset: number): NumberValue => read(2, network + offset, network);
  const of = (protocol: number): Predicate =>
    and(and(ip4ProtocolIs(protocol, reader), isFirstFragment(reader)), either(ports, at));
  return and(reader.isType(ETHERNET_IP, span), ofProtocols(ports, of));
}

function hasPort6(ports: Ports, span: Span, reader: Reader): Predicate {
  const { network } = reader.headers;
  const at = (offset: number): NumberValue => read(2, network + LENGTH_OF_IP6 + offset);
  const of = (protocol: number): Predicate => and(ip6NextIs(protocol, reader), either(ports, at));
  return and(reader.isType(ETHERNET_IP6, span), ofProtocols(ports, of));
}

function ofProtocols({ protocol }: Ports, of: (protocol: number) => Predicate): Predicate {
  return protocol === undefined ? or(of(TRANSPORTS.sctp), or(of(TRANSPORTS.tcp), of(TRANSPORTS.udp))) : of(protocol);
}

function either(ports: Ports, at: (offset: number) => NumberValue): Predicate {
  const source = (): Predicate => isAmong(ports, at(0));
  const destination = (): Predicate => isAmong(ports, at(2));
  return byDirection(ports.direction, source, destination);
}

function isAmong({ first, last, isRange }: Ports, port: NumberValue): Predicate {
  if (!isRange) return compare(port, "eq", first);
  return and(compare(port, "ge", first), not(compare(port, "gt", last)));
}

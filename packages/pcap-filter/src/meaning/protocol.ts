import type { Span } from "../filter-error.ts";
import { ETHERNET_IP, ETHERNET_IP6, ethernetType } from "../names/protocols.ts";
import type { Protocol } from "../syntax/keywords.ts";
import { LENGTH_OF_IP6 } from "./headers.ts";
import { and, compare, not, or, type Predicate } from "./predicate.ts";
import type { Reader } from "./reader.ts";
import { TRANSPORTS } from "./transport.ts";

const FRAGMENT_HEADER = 44;
export const ICMP6 = 58;

/** Numbers in the headers of IPv4 and IPv6, and which of the two can have them. */
const CARRIED: Partial<Record<Protocol, { readonly number: number; readonly by: "both" | 4 | 6 }>> = {
  tcp: { number: TRANSPORTS.tcp, by: "both" },
  udp: { number: TRANSPORTS.udp, by: "both" },
  sctp: { number: TRANSPORTS.sctp, by: "both" },
  ah: { number: 51, by: "both" },
  esp: { number: 50, by: "both" },
  pim: { number: 103, by: "both" },
  icmp: { number: 1, by: 4 },
  igmp: { number: 2, by: 4 },
  igrp: { number: 9, by: 4 },
  vrrp: { number: 112, by: 4 },
  carp: { number: 112, by: 4 },
  icmp6: { number: ICMP6, by: 6 },
};

/** `tcp`, alone. */
export function isProtocol(protocol: Protocol, span: Span, reader: Reader): Predicate {
  const type = ethernetType(protocol);
  if (type !== undefined) return reader.isType(type, span);
  const carried = CARRIED[protocol];
  if (carried === undefined)
    throw reader.error(span, `every frame is one of Ethernet: "${protocol}" alone says nothing`);
  if (carried.by === "both") return carriesProtocol(carried.number, span, reader);
  return carried.by === 4 ? ip4Carries(carried.number, span, reader) : ip6Carries(carried.number, span, reader);
}

/** Whether IPv4 or IPv6 carries a protocol. */
export function carriesProtocol(number: number, span: Span, reader: Reader): Predicate {
  return or(ip4Carries(number, span, reader), ip6Carries(number, span, reader));
}

export function ip4Carries(number: number, span: Span, reader: Reader): Predicate {
  return and(reader.isType(ETHERNET_IP, span), ip4ProtocolIs(number, reader));
}

/** Also where a header of fragments is before it; other headers are not looked into. */
export function ip6Carries(number: number, span: Span, reader: Reader): Predicate {
  const isFragment = compare(reader.headers.read(1, 6), "eq", FRAGMENT_HEADER);
  const isInside = compare(reader.headers.read(1, LENGTH_OF_IP6), "eq", number);
  const isNext = ip6NextIs(number, reader);
  return and(reader.isType(ETHERNET_IP6, span), or(isNext, and(isFragment, isInside)));
}

export function ip4ProtocolIs(number: number, { headers }: Reader): Predicate {
  return compare(headers.read(1, 9), "eq", number);
}

export function ip6NextIs(number: number, { headers }: Reader): Predicate {
  return compare(headers.read(1, 6), "eq", number);
}

/** Whether an IPv4 packet is the first fragment of one, or whole: only those have a header of the transport layer. */
export function isFirstFragment({ headers }: Reader): Predicate {
  return not(compare(headers.read(2, 6), "set", 0x1fff));
}

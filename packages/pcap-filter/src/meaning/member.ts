import type { Span } from "../filter-error.ts";
import { ETHERNET_IP6 } from "../names/protocols.ts";
import type { Id, Qualifiers } from "../syntax/expression.ts";
import { byDirection } from "./direction.ts";
import { DESTINATION_OF_IP6, PLACES_OF_IPV4, SOURCE_OF_IP6 } from "./host.ts";
import { hasPort } from "./port.ts";
import { and, type MemberKind, or, type Predicate, type Read, read } from "./predicate.ts";
import type { Reader } from "./reader.ts";
import { isTransport, TRANSPORTS } from "./transport.ts";

type SetId = Extract<Id, { readonly kind: "set" }>;

/** `src in @blocklist`, `dst port in @services`. */
export function isMember(id: SetId, qualifiers: Qualifiers, reader: Reader): Predicate {
  switch (qualifiers.type) {
    case undefined:
    case "host":
      return qualifiers.protocol === "ether"
        ? isMacMember(id, qualifiers, reader)
        : isAddressMember(id, qualifiers, reader);
    case "port":
      return isPortMember(id, qualifiers, reader);
    case "net":
      throw reader.error(id, "whether an address is in a net of the set is asked of a host", withoutType(id));
    case "portrange":
      throw reader.error(id, "whether a port is in the set is asked of one port", `Write port in @${id.text}.`);
    default:
      throw reader.error(
        id,
        `a set has addresses, ports or addresses of Ethernet: "${qualifiers.type}" cannot be in one`,
        `${withoutType(id)} Of protocols there are few: write them with or.`,
      );
  }
}

function withoutType({ text }: SetId): string {
  return `Write src in @${text}, dst in @${text} or host in @${text}.`;
}

/** As `host`: in IPv4, ARP, RARP and IPv6, unless one of them is named. */
function isAddressMember(id: SetId, { protocol, direction }: Qualifiers, reader: Reader): Predicate {
  const isNamed = (name: string): boolean => protocol === undefined || protocol === name;
  const places = PLACES_OF_IPV4.filter((place) => isNamed(place.protocol));
  if (places.length === 0 && !isNamed("ip6")) {
    const advice = `Write ${protocol} and src in @${id.text}`;
    const ports = protocol !== undefined && isTransport(protocol) ? `, or ${protocol} port in @${id.text}` : "";
    throw reader.error(id, `"${protocol}" has no addresses`, `${advice}${ports}.`);
  }
  reader.use(id.text, "addresses", id);
  // Labels do not tell of other protocols than IP.
  const known = protocol === undefined && reader.headers.labels > 0 ? places.slice(0, 1) : places;
  const of4 = known.map(({ type, source, destination }) => {
    const at = (offset: number) => (): Predicate =>
      and(reader.isType(type, id), member(id, "ipv4", [reader.headers.read(4, offset)]));
    return byDirection(direction, at(source), at(destination));
  });
  const in6 = (offset: number) => (): Predicate => {
    const words = [0, 4, 8, 12].map((word) => reader.headers.read(4, offset + word));
    return and(reader.isType(ETHERNET_IP6, id), member(id, "ipv6", words));
  };
  const of6 = isNamed("ip6") ? [byDirection(direction, in6(SOURCE_OF_IP6), in6(DESTINATION_OF_IP6))] : [];
  return [...of4, ...of6].reduce(or);
}

function isMacMember(id: SetId, { direction }: Qualifiers, reader: Reader): Predicate {
  reader.use(id.text, "macs", id);
  const at = (offset: number) => (): Predicate => member(id, "mac", [read(2, offset), read(4, offset + 2)]);
  return byDirection(direction, at(6), at(0));
}

function isPortMember(id: SetId, { protocol: name, direction }: Qualifiers, reader: Reader): Predicate {
  if (name !== undefined && !isTransport(name)) throw noPorts(name, id, reader);
  reader.use(id.text, "ports", id);
  const includes = (port: Read): Predicate => member(id, "port", [port]);
  return hasPort({ includes, protocol: name && TRANSPORTS[name], direction }, id, reader);
}

/** A protocol that has no ports was named. */
export function noPorts(name: string, span: Span, reader: Reader): Error {
  return reader.error(span, `"${name}" has no ports`, "tcp, udp and sctp have.");
}

function member({ text: set }: SetId, of: MemberKind, words: readonly Read[]): Predicate {
  return { kind: "member", set, of, words };
}

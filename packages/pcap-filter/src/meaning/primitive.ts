import { portNamed } from "../names/ports.ts";
import { ETHERNET_IP, ETHERNET_IP6, ethernetType, protocolNumber } from "../names/protocols.ts";
import type { Id, Qualifiers } from "../syntax/expression.ts";
import type { Protocol } from "../syntax/keywords.ts";
import { hasIpv4, hasIpv6, hasMac } from "./host.ts";
import { isMember, noPorts } from "./member.ts";
import { hasPort, isBetween, isPort } from "./port.ts";
import { and, or, type Predicate } from "./predicate.ts";
import { carriesProtocol, ip4Carries, ip6Carries } from "./protocol.ts";
import type { Reader } from "./reader.ts";
import { isTransport, TRANSPORTS } from "./transport.ts";

const LARGEST_PORT = 65_535;
/** IPX, AppleTalk and its ARP. */
const SEVERAL_FORMS: ReadonlySet<number> = new Set([0xe0, 0x809b, 0x80f3]);

/** An id with what stands before it. */
export function hasId(id: Id, qualifiers: Qualifiers, reader: Reader): Predicate {
  if (id.kind === "set") return isMember(id, qualifiers, reader);
  switch (qualifiers.type) {
    case "port":
    case "portrange":
      return hasPorts(id, qualifiers, reader);
    case "proto":
    case "protochain":
      return hasProtocol(id, qualifiers, reader);
    default:
      return hasAddress(id, qualifiers, reader);
  }
}

/** What is compared with what the expression itself says. */
type WrittenId = Exclude<Id, { readonly kind: "set" }>;

function hasAddress(id: WrittenId, qualifiers: Qualifiers, reader: Reader): Predicate {
  switch (id.kind) {
    case "ipv4":
    case "ipv6":
      if (qualifiers.protocol === "ether") {
        const bytes = /^(?:[0-9a-f]{1,2}:)+[0-9a-f]{1,2}$/i.test(id.text) ? id.text.split(":").length : undefined;
        const advice = bytes === undefined ? "Leave ether out." : `These are ${bytes} bytes.`;
        throw reader.error(id, "frames of Ethernet have addresses like 02:00:00:00:00:07", advice);
      }
      return id.kind === "ipv4" ? hasIpv4(id, qualifiers, reader) : hasIpv6(id, qualifiers, reader);
    case "mac":
      return hasMac(id, qualifiers, reader);
    case "number":
      throw reader.error(id, `"${id.text}" is not an address`, "Write four numbers, or net.");
    case "name":
      throw reader.error(id, `"${id.text}" is not an address, and weir looks up no names`, "Write the address.");
  }
}

function hasPorts(id: WrittenId, qualifiers: Qualifiers, reader: Reader): Predicate {
  const { protocol: name, direction, type } = qualifiers;
  if (name !== undefined && !isTransport(name)) {
    throw noPorts(name, id, reader);
  }
  const { first, last, only } = portsOf(id, type === "portrange", reader);
  if (name !== undefined && only !== undefined && only !== name) {
    throw reader.error(id, `the port "${id.text}" is one of ${only}`, `Write its number if it is meant for ${name}.`);
  }
  const transport = name ?? only;
  const protocol = transport && TRANSPORTS[transport];
  const includes = type === "portrange" ? isBetween(first, last) : isPort(first);
  return hasPort({ includes, protocol, direction }, id, reader);
}

interface PortNumbers {
  readonly first: number;
  readonly last: number;
  /** Of a name that only one of them has. */
  readonly only: "tcp" | "udp" | undefined;
}

function portsOf(id: WrittenId, isRange: boolean, reader: Reader): PortNumbers {
  if (id.kind === "number") return onePort(id, id.text, reader);
  if (id.kind !== "name") throw reader.error(id, `"${id.text}" is not a port`);
  const isNamed = portNamed(id.text) !== undefined;
  // Names have dashes in them too: `ftp-data`.
  const dash = id.text.indexOf("-");
  if (!isRange) {
    if (dash >= 0 && !isNamed) throw reader.error(id, `"${id.text}" is not a port`, `Write portrange ${id.text}.`);
    return onePort(id, id.text, reader);
  }
  if (dash < 0 && isNamed) throw reader.error(id, `"${id.text}" is one port`, `Write port ${id.text}.`);
  if (dash < 0) throw unknownPort(id, id.text, reader);
  const [one, other] = [onePort(id, id.text.slice(0, dash), reader), onePort(id, id.text.slice(dash + 1), reader)];
  return {
    first: Math.min(one.first, other.first),
    last: Math.max(one.last, other.last),
    only: one.only === other.only ? one.only : undefined,
  };
}

function onePort(id: WrittenId, text: string, reader: Reader): PortNumbers {
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) {
    const known = portNamed(text);
    if (known === undefined) throw unknownPort(id, text, reader);
    return { first: known.port, last: known.port, only: known.protocol };
  }
  const port = id.kind === "number" ? id.value : Number(text);
  if (port > LARGEST_PORT) throw reader.error(id, `the largest port is ${LARGEST_PORT}`);
  return { first: port, last: port, only: undefined };
}

function unknownPort(id: WrittenId, text: string, reader: Reader): Error {
  return reader.error(id, `"${text}" is not the name of a port that weir knows`, "Write its number.");
}

function hasProtocol(id: WrittenId, { protocol: by, direction, type }: Qualifiers, reader: Reader): Predicate {
  if (direction !== undefined)
    throw reader.error(id, `a protocol has no direction: "${direction}" does not belong here`);
  const number = protocolOf(id, by, reader);
  if (by === "ether" && SEVERAL_FORMS.has(number)) {
    throw reader.error(
      id,
      "weir does not have IPX and AppleTalk, whose frames have several forms",
      "Write ether[12:2] = …",
    );
  }
  if (type === "protochain") return hasInChain(id, number, by, reader);
  switch (by) {
    case undefined:
      return carriesProtocol(number, id, reader);
    case "ip":
      return ip4Carries(number, id, reader);
    case "ip6":
      return ip6Carries(number, id, reader);
    case "ether":
      return reader.isType(number, id);
    default:
      throw reader.error(id, `"${by}" carries no other protocol that has a number in it`, "ether, ip and ip6 do.");
  }
}

function hasInChain(id: WrittenId, protocol: number, by: Protocol | undefined, reader: Reader): Predicate {
  const { base, network: at } = reader.headers;
  const in4 = (): Predicate => and(reader.isType(ETHERNET_IP, id), { kind: "chain", version: 4, protocol, base, at });
  const in6 = (): Predicate => and(reader.isType(ETHERNET_IP6, id), { kind: "chain", version: 6, protocol, base, at });
  if (by === undefined) return or(in4(), in6());
  if (by === "ip") return in4();
  if (by === "ip6") return in6();
  throw reader.error(id, `"${by}" has no chain of headers`, "ip and ip6 have.");
}

function protocolOf(id: WrittenId, by: Protocol | undefined, reader: Reader): number {
  if (id.kind === "number") return id.value;
  if (id.kind !== "name") throw reader.error(id, `"${id.text}" is not a protocol`);
  const number = by === "ether" ? ethernetType(id.text) : protocolNumber(id.text);
  if (number === undefined)
    throw reader.error(id, `"${id.text}" is not a protocol that weir knows`, "Write its number.");
  return number;
}

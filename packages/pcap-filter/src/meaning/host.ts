import type { Span } from "../filter-error.ts";
import { ETHERNET_ARP, ETHERNET_IP, ETHERNET_IP6, ETHERNET_RARP } from "../names/protocols.ts";
import type { Id, Qualifiers } from "../syntax/expression.ts";
import { ipv4Of, ipv6Of, macOf, maskOf } from "./addresses.ts";
import { byDirection } from "./direction.ts";
import { and, compare, equalIn, or, type Predicate, read } from "./predicate.ts";
import type { Reader } from "./reader.ts";

type AddressOf<Kind extends Id["kind"]> = Extract<Id, { readonly kind: Kind }>;

/** Where protocols have the addresses of sender and receiver. */
export const PLACES_OF_IPV4 = [
  { protocol: "ip", type: ETHERNET_IP, source: 12, destination: 16 },
  { protocol: "arp", type: ETHERNET_ARP, source: 14, destination: 24 },
  { protocol: "rarp", type: ETHERNET_RARP, source: 14, destination: 24 },
] as const;
export const SOURCE_OF_IP6 = 8;
export const DESTINATION_OF_IP6 = 24;

/** `host 192.0.2.7`, `net 10.0.0.0/8`: in IPv4, ARP and RARP, unless one of them is named. */
export function hasIpv4(id: AddressOf<"ipv4">, qualifiers: Qualifiers, reader: Reader): Predicate {
  const { protocol, direction } = qualifiers;
  const found = ipv4Of(id.text);
  if (typeof found === "string")
    throw reader.error(id, found, "Write four numbers without zeros before them: 192.0.2.7.");
  const mask = maskOfIpv4(id, found.bits, qualifiers, reader);
  const { value } = found;
  if ((value & ~mask) !== 0) throw hostBits(id, reader);
  const places = PLACES_OF_IPV4.filter((place) => protocol === undefined || place.protocol === protocol);
  if (places.length === 0) throw wrongProtocol(id, qualifiers, "an address of IPv4", reader);
  // Labels do not tell of other protocols than IP.
  const known = protocol === undefined && reader.headers.labels > 0 ? places.slice(0, 1) : places;
  return known
    .map(({ type, source, destination }) => {
      const at = (offset: number) => (): Predicate =>
        and(reader.isType(type, id), equalIn(reader.headers.read(4, offset), mask, value));
      return byDirection(direction, at(source), at(destination));
    })
    .reduce(or);
}

function maskOfIpv4(id: AddressOf<"ipv4">, written: number, { type }: Qualifiers, reader: Reader): number {
  const { mask } = id;
  if (mask !== undefined && type !== "net") throw netsOnly(mask, reader);
  if (mask === undefined) {
    if (type !== "net" && written !== 32) {
      throw reader.error(
        id,
        `"${id.text}" is part of an address, which programs read in different ways`,
        "Write four numbers, or net.",
      );
    }
    return maskOf(written);
  }
  if ("bits" in mask) {
    if (mask.bits > 32) throw reader.error(mask, "an address of IPv4 has 32 bits");
    return maskOf(mask.bits);
  }
  const found = ipv4Of(mask.text);
  if (typeof found === "string") throw reader.error(mask, found);
  return found.value;
}

/** `host 2001:db8::7`, `net 2001:db8::/32`. */
export function hasIpv6(id: AddressOf<"ipv6">, qualifiers: Qualifiers, reader: Reader): Predicate {
  const { protocol, direction, type } = qualifiers;
  const words = ipv6Of(id.text);
  if (words === undefined) throw reader.error(id, `"${id.text}" is not an address of IPv6`);
  if (protocol !== undefined && protocol !== "ip6") throw wrongProtocol(id, qualifiers, "an address of IPv6", reader);
  const { mask } = id;
  if (mask !== undefined && !("bits" in mask))
    throw reader.error(mask, "an address of IPv6 has no such mask", "Write /64.");
  const bits = mask?.bits ?? 128;
  if (bits > 128) throw reader.error(mask ?? id, "an address of IPv6 has 128 bits");
  const masks = words.map((_, index) => maskOf(Math.min(32, Math.max(0, bits - 32 * index))));
  if (words.some((word, index) => (word & ~(masks[index] ?? 0)) !== 0)) throw hostBits(id, reader);
  if (bits !== 128 && type !== "net") throw netsOnly(mask ?? id, reader);
  const at = (offset: number) => (): Predicate => {
    const equal = words.map((word, index) =>
      equalIn(reader.headers.read(4, offset + 4 * index), masks[index] ?? 0, word),
    );
    return and(reader.isType(ETHERNET_IP6, id), equal.reduce(and));
  };
  return byDirection(direction, at(SOURCE_OF_IP6), at(DESTINATION_OF_IP6));
}

/** `ether host 02:00:00:00:00:07`. */
export function hasMac(id: AddressOf<"mac">, { protocol, direction, type }: Qualifiers, reader: Reader): Predicate {
  if (protocol !== "ether" || (type !== undefined && type !== "host")) {
    throw reader.error(
      id,
      "an address of Ethernet is compared with those of the frame",
      `Write ether host ${id.text}.`,
    );
  }
  const { first, last } = macOf(id.text);
  const at = (offset: number) => (): Predicate =>
    and(compare(read(4, offset + 2), "eq", last), compare(read(2, offset), "eq", first));
  return byDirection(direction, at(6), at(0));
}

function hostBits(id: AddressOf<"ipv4" | "ipv6">, reader: Reader): Error {
  return reader.error(
    id,
    "the address has bits that its mask cuts off",
    "Write the net's address, or host for this one.",
  );
}

function netsOnly(span: Span, reader: Reader): Error {
  return reader.error(span, "a mask is for nets", "Write net in front of the address.");
}

function wrongProtocol(span: Span, { protocol }: Qualifiers, what: string, reader: Reader): Error {
  return reader.error(span, `"${protocol}" has no ${what.replace(/^an? /, "")}`);
}

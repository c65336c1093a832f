import type { SetKind } from "@weir/pcap-filter";
import { ipv4Of, ipv6Of, macOf, maskOf } from "@weir/pcap-filter/addresses";

/** What is in a set: an address is a prefix with all its bits. */
export type SetEntry =
  | { readonly kind: "ipv4"; readonly value: number; readonly bits: number }
  | { readonly kind: "ipv6"; readonly words: readonly [number, number, number, number]; readonly bits: number }
  | { readonly kind: "ports"; readonly first: number; readonly last: number }
  /** The first two and the last four bytes. */
  | { readonly kind: "mac"; readonly first: number; readonly last: number };

const LARGEST_PORT = 65_535;
const BYTE = "[0-9a-fA-F]{1,2}";
const MAC = new RegExp(
  ["[0-9a-fA-F]{4}(?:\\.[0-9a-fA-F]{4}){2}"]
    .concat([":", "-"].map((separator) => `${BYTE}(?:${separator}${BYTE}){5}`))
    .map((form) => `^(?:${form})$`)
    .join("|"),
);
const PORTS = /^(\d{1,6})(?:-(\d{1,6}))?$/;

/**
 * What an entry looks like, whatever it is to be; undefined: nothing that sets have.
 *
 * @example
 * ```ts
 * kindOfEntry("6000-6010"); // "ports"
 * ```
 */
export function kindOfEntry(text: string): SetKind | undefined {
  if (PORTS.test(text)) return "ports";
  if (MAC.test(text)) return "macs";
  return /[.:]/.test(text) ? "addresses" : undefined;
}

/**
 * An entry of a set as it is written: `192.0.2.7`, `2001:db8::/32`, `443`, `6000-6010`, `02:00:00:00:00:07`; a reason where it is none.
 *
 * @example
 * ```ts
 * parseSetEntry("203.0.113.0/24", "addresses"); // { kind: "ipv4", value: 0xcb007100, bits: 24 }
 * parseSetEntry("203.0.113.1/24", "addresses"); // '"203.0.113.1/24": the address has bits that …'
 * ```
 */
export function parseSetEntry(text: string, kind: SetKind): SetEntry | string {
  switch (kind) {
    case "addresses":
      return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
    case "ports":
      return parsePorts(text);
    case "macs":
      return MAC.test(text)
        ? { kind: "mac", ...macOf(text) }
        : `"${text}" is not an address of hardware: write it as in 02:00:00:00:00:07`;
  }
}

function parseIpv4(text: string): SetEntry | string {
  const [address, length] = split(text);
  const found = ipv4Of(address);
  if (typeof found === "string") return `${found}: write four numbers without zeros before them`;
  if (found.bits !== 32) {
    return `"${address}" is part of an address, which programs read in different ways: write four numbers`;
  }
  const bits = bitsOf(length, 32);
  if (bits === undefined) return `"${text}": the length of a prefix of IPv4 is a number from 0 to 32`;
  const { value } = found;
  if ((value & ~maskOf(bits)) !== 0) return hostBits(text);
  return { kind: "ipv4", value, bits };
}

function parseIpv6(text: string): SetEntry | string {
  const [address, length] = split(text);
  const words = ipv6Of(address);
  if (words === undefined) return `"${address}" is not an address of IPv6`;
  const bits = bitsOf(length, 128);
  if (bits === undefined) return `"${text}": the length of a prefix of IPv6 is a number from 0 to 128`;
  const isCutOff = words.some((word, index) => (word & ~maskOf(Math.min(32, Math.max(0, bits - 32 * index)))) !== 0);
  return isCutOff ? hostBits(text) : { kind: "ipv6", words, bits };
}

/** An address and what is behind its slash. */
function split(text: string): readonly [address: string, length: string | undefined] {
  const slash = text.indexOf("/");
  return slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}

function bitsOf(length: string | undefined, most: number): number | undefined {
  if (length === undefined) return most;
  return /^(?:0|[1-9]\d{0,2})$/.test(length) && Number(length) <= most ? Number(length) : undefined;
}

function hostBits(text: string): string {
  return `"${text}": the address has bits that the length of the prefix cuts off: write the net's address, or leave the length out`;
}

function parsePorts(text: string): SetEntry | string {
  const [, one, other = one] = PORTS.exec(text) ?? [];
  if (one === undefined) return `"${text}" is not a port, nor a range of ports: write 443, or 6000-6010`;
  const [first, last] = [Number(one), Number(other)];
  if (Math.max(first, last) > LARGEST_PORT) return `"${text}": the largest port is ${LARGEST_PORT}`;
  if (first > last) return `"${text}": a range of ports begins with the smaller one`;
  return { kind: "ports", first, last };
}

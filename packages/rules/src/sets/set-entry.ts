import { ipv4Of, ipv6Of } from "@weir/pcap-filter";
import { type Ipv4Prefix, ipv4Prefix, ipv4PrefixText, mask } from "./ipv4-prefix.ts";
import { type Ipv6Prefix, ipv6PrefixText, wordMask } from "./ipv6-prefix.ts";
import type { PortRange } from "./port-set.ts";

/** An entry of a set as it is written; or why it is none, and at which of its characters, from 0. */
export type SetEntry =
  | { readonly kind: "ipv4"; readonly prefix: Ipv4Prefix }
  | { readonly kind: "ipv6"; readonly prefix: Ipv6Prefix }
  | { readonly kind: "ports"; readonly range: PortRange }
  | { readonly kind: "mac"; readonly mac: number }
  | SetEntryMistake;

/** Why a text is no entry of a set. */
export interface SetEntryMistake {
  readonly kind: "mistake";
  readonly message: string;
  readonly at: number;
}

const MAC = /^[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}$/;
const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?$/;

/**
 * Reads an address or a prefix of IPv4 or IPv6, a port or a range of ports (`6000-6063`), or a hardware address.
 *
 * @example
 * ```ts
 * const entry = entryOf("192.0.2.0/24");
 * if (entry.kind === "mistake") throw new Error(entry.message);
 * ```
 */
export function entryOf(text: string): SetEntry {
  if (MAC.test(text)) return { kind: "mac", mac: Number.parseInt(text.replaceAll(/[:-]/g, ""), 16) };
  const ports = PORTS.exec(text);
  if (ports !== null) return portsOf(text, Number(ports[1]), Number(ports[2] ?? ports[1]));
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const isIpv6 = address.includes(":");
  const most = isIpv6 ? 128 : 32;
  let length = most;
  if (slash >= 0) {
    const digits = text.slice(slash + 1);
    length = /^(?:0|[1-9]\d{0,2})$/.test(digits) ? Number(digits) : Number.NaN;
    if (Number.isNaN(length) || length > most) {
      const what = isIpv6 ? "IPv6" : "IPv4";
      return mistake(`the length of a prefix of ${what} is a number from 0 to ${most}, not "${digits}"`, slash + 1);
    }
  }
  return isIpv6 ? ipv6EntryOf(address, length) : ipv4EntryOf(address, length);
}

/**
 * An entry as it is written, so that `entryOf` reads the same.
 *
 * @example
 * ```ts
 * entryText({ kind: "mac", mac: 0x0200_5e10_0001 }); // 02:00:5e:10:00:01
 * ```
 */
export function entryText(entry: Exclude<SetEntry, SetEntryMistake>): string {
  switch (entry.kind) {
    case "ipv4":
      return ipv4PrefixText(entry.prefix);
    case "ipv6":
      return ipv6PrefixText(entry.prefix);
    case "ports":
      return entry.range.first === entry.range.last
        ? String(entry.range.first)
        : `${entry.range.first}-${entry.range.last}`;
    case "mac":
      return entry.mac
        .toString(16)
        .padStart(12, "0")
        .replaceAll(/..(?!$)/g, "$&:");
  }
}

function ipv4EntryOf(text: string, length: number): SetEntry {
  const address = ipv4Of(text);
  if (typeof address === "string") return mistake(kindOf(text) ?? address, 0);
  // Some programs take 127.1 for 127.0.0.1, others for 127.1.0.0.
  if (address.bits !== 32) {
    return mistake(`"${text}" is not an address of IPv4: it has ${address.bits / 8} of 4 numbers`, 0);
  }
  const beginning = (address.value & mask(length)) >>> 0;
  const prefix = ipv4Prefix(beginning, length);
  if (beginning === address.value) return { kind: "ipv4", prefix };
  return mistake(`${text}/${length} has bits behind its length: the prefix is ${ipv4PrefixText(prefix)}`, 0);
}

function ipv6EntryOf(text: string, length: number): SetEntry {
  const address = ipv6Of(text);
  if (address === undefined) return mistake(`"${text}" is not an address of IPv6`, 0);
  const [a, b, c, d] = address.map((word, index) => (word & wordMask(length, index)) >>> 0);
  const prefix: Ipv6Prefix = { words: [a ?? 0, b ?? 0, c ?? 0, d ?? 0], length };
  if (prefix.words.every((word, index) => word === address[index])) return { kind: "ipv6", prefix };
  return mistake(`${text}/${length} has bits behind its length: the prefix is ${ipv6PrefixText(prefix)}`, 0);
}

function portsOf(text: string, first: number, last: number): SetEntry {
  // An expression reads 010 as octal, as tcpdump does.
  if (/\b0\d/.test(text)) return mistake(`"${text}" begins with a zero: write the port without it`, 0);
  if (first > 65_535 || last > 65_535) return mistake(`"${text}" is no port: ports are 0 to 65535`, 0);
  if (first > last) return mistake(`"${text}" is no range of ports: the first one is larger than the last`, 0);
  return { kind: "ports", range: { first, last } };
}

/** What is wrong with a text that looks like no address at all. */
function kindOf(text: string): string | undefined {
  if (/^[\d.]+$/.test(text)) return undefined;
  return `"${text}" is not an address, a prefix, a port or a hardware address`;
}

function mistake(message: string, at: number): SetEntryMistake {
  return { kind: "mistake", message, at };
}

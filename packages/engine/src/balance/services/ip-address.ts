import { isIPv4, isIPv6 } from "node:net";

/** An IP address, as text and as it lies in a packet. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** As it was written. */
  readonly text: string;
  /** 4 or 16 bytes in the order of the packet. */
  readonly bytes: Uint8Array;
  /** The two little-endian words of an IPv6 address in a packet; IPv4 has its four bytes in the lower half of `low`. */
  readonly high: bigint;
  readonly low: bigint;
  /** Equal for addresses that are equal, however they are written. */
  readonly key: string;
}

/** The address that a text is; undefined when it is none. Zones (`%eth0`) and numbers that leave out a part are none. */
export function parseAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return addressOf(4, text, Uint8Array.from(text.split("."), Number));
  if (isIPv6(text) && !text.includes("%")) return addressOf(6, text, ipv6Bytes(text));
  return undefined;
}

/** The address of a text that has been checked. */
export function knownAddress(text: string): IpAddress {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no IP address`);
  return address;
}

function addressOf(family: 4 | 6, text: string, bytes: Uint8Array): IpAddress {
  const view = new DataView(new ArrayBuffer(16));
  for (const [index, byte] of bytes.entries()) view.setUint8(family === 4 ? 8 + index : index, byte);
  const high = view.getBigUint64(0, true);
  const low = view.getBigUint64(8, true);
  return { family, text, bytes, high, low, key: `${family} ${Buffer.from(bytes).toString("hex")}` };
}

/** RFC 4291, section 2.2; `isIPv6` has found it to be right. */
function ipv6Bytes(text: string): Uint8Array {
  const [head = "", tail] = text.split("::");
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return Uint8Array.from([...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]));
}

function groups(part: string): number[] {
  return part
    .split(":")
    .filter((group) => group !== "")
    .flatMap((group) => {
      if (!group.includes(".")) return [Number.parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
      return [(a << 8) | b, (c << 8) | d];
    });
}

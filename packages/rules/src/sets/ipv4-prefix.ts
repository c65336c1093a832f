/**
 * A prefix of IPv4 as one number, the address × 64 + the length: exact in a double, and sorted as numbers prefixes lie behind those that
 * contain them. A million of them are a `Float64Array`.
 */
export type Ipv4Prefix = number;

/**
 * Makes a prefix of an address (`0xc0000201` for 192.0.2.1) and a length in bits.
 *
 * @example
 * ```ts
 * const net = ipv4Prefix(0xc000_0200, 24);
 * ```
 * @throws {RangeError} when bits behind the length are set
 */
export function ipv4Prefix(address: number, length: number): Ipv4Prefix {
  if ((address & ~mask(length)) !== 0) throw new RangeError(`${address >>> 0}/${length} has bits behind its length`);
  return address * 64 + length;
}

/** The first address of a prefix. */
export function addressOf(prefix: Ipv4Prefix): number {
  return Math.floor(prefix / 64);
}

export function lengthOf(prefix: Ipv4Prefix): number {
  return prefix % 64;
}

/** The prefix as it is written: `192.0.2.0/24`, and an address without a length. */
export function ipv4PrefixText(prefix: Ipv4Prefix): string {
  const address = addressOf(prefix);
  const text = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
  const length = lengthOf(prefix);
  return length === 32 ? text : `${text}/${length}`;
}

/** A mask of so many bits. */
export function mask(length: number): number {
  return length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
}

/** The Internet checksum (RFC 1071): the complement of the one's complement sum of 16-bit words in network order. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  let high = true;
  for (const part of parts) {
    for (const byte of part) {
      sum += high ? byte << 8 : byte;
      high = !high;
    }
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

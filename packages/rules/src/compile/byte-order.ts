/** What a big-endian number of the packet is when it is loaded as it lies. */
export function asLoaded(value: number, bytes: 1 | 2 | 4): number {
  if (bytes === 1) return value;
  if (bytes === 2) return ((value & 0xff) << 8) | (value >>> 8);
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** The upper half of the product of two numbers of 32 bits. */
export function upperHalf(a: number, b: number): number {
  const low = (a & 0xffff) * (b & 0xffff);
  const middle = (a >>> 16) * (b & 0xffff) + (low >>> 16);
  const other = (a & 0xffff) * (b >>> 16) + (middle % 0x1_0000);
  return (a >>> 16) * (b >>> 16) + Math.floor(middle / 0x1_0000) + (other >>> 16);
}

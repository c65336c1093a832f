import type { IntegerType, NetworkType } from "./scalar.ts";
import { be16, be32, be64, u16, u32, u64 } from "./scalar.ts";

/** The words that change the byte order, with what they take and give. */
export const byteOrderWords: readonly {
  readonly name: string;
  readonly from: IntegerType | NetworkType;
  readonly to: IntegerType | NetworkType;
}[] = [
  { name: "ntohs", from: be16, to: u16 },
  { name: "ntohl", from: be32, to: u32 },
  { name: "ntohll", from: be64, to: u64 },
  { name: "htons", from: u16, to: be16 },
  { name: "htonl", from: u32, to: be32 },
  { name: "htonll", from: u64, to: be64 },
];

/** The bytes of a value in the other order. */
export function swapBytes(bits: number, value: bigint): bigint {
  let swapped = 0n;
  for (let shift = 0; shift < bits; shift += 8) swapped = (swapped << 8n) | ((value >> BigInt(shift)) & 0xffn);
  return swapped;
}

/** The word that makes a number of what is in network order. */
export const toHost = (type: NetworkType): string => byteOrderWords.find(({ from }) => from === type)?.name ?? "ntohl";

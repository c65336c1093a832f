import { randomBytes } from "../random-bytes.ts";

/** How many there are. */
export const HASH_KEYS = 5;

/**
 * Random odd factors for the program's hash, new for each load: who does not know them cannot choose addresses whose
 * connections fall into the same slots.
 */
export function hashKeys(): bigint[] {
  const random = randomBytes(HASH_KEYS * 8);
  return Array.from({ length: HASH_KEYS }, (_, index) => random.readBigUInt64LE(index * 8) | 1n);
}

import { randomBytes } from "../random-bytes.ts";

const KEYS = 5;

/**
 * Random odd factors for the program's hash, new for each load: who does not know them cannot choose addresses whose
 * connections fall into the same slots.
 */
export function hashKeys(): Record<string, bigint> {
  const random = randomBytes(KEYS * 8);
  const keys = Array.from({ length: KEYS }, (_, index) => random.readBigUInt64LE(index * 8) | 1n);
  return Object.fromEntries(keys.map((key, index) => [`hash_key_${index}`, key]));
}

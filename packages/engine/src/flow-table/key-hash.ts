import { randomBytes } from "../random-bytes.ts";

/** What the hash of each key begins with. Random, so that nobody outside can choose addresses whose rows collide. */
export const KEY_SEED = randomBytes(4).readInt32LE();

/** The hash so far with one more word of the key. */
export function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
}

/** The hash of a key, in 32 bits. */
export function keyHash(words: Uint32Array, start: number, length: number): number {
  let hash = KEY_SEED;
  for (let word = 0; word < length; word++) hash = mixed(hash, words[start + word] ?? 0);
  return hash;
}

import { Random } from "@weir/laboratory";

/** Packets on which a random program is run: too short for most accesses, in between, long enough for all. */
export function packetsFor(seed: number): Uint8Array[] {
  const random = new Random(seed);
  return [14, 40, 64, 130].map((length) => Uint8Array.from({ length }, () => random.below(256)));
}

/** What the map holds before each run. */
export const INITIAL_ELEMENTS: readonly bigint[] = [1n, 2n, 0xffff_ffff_ffff_ffffn, 5n];

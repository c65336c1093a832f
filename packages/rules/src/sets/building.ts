import type { SetMemory } from "./set-memory.ts";

/** Another hash is tried so often where one leaves a search that is longer than the program's. */
const TRIES = 4;
const ANOTHER = 0x9e37_79b9_7f4a_7c15n;

/** Builds in memory that is all zeros with one factor of the hash after the other, until one gives short searches; "grow" when none does. */
export function withFactors<S>(
  memory: SetMemory,
  random: bigint,
  build: (factor: bigint) => S | undefined,
): S | "grow" {
  let factor = BigInt.asUintN(64, random) | 1n;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const built = build(factor);
    if (built !== undefined) return built;
    memory.words.fill(0n);
    factor = BigInt.asUintN(64, factor * ANOTHER);
  }
  return "grow";
}

/** The largest capacity whose memory is not more than so many pages; -1 when even none needs more. */
export function capacityOf(pages: number, pagesFor: (capacity: number) => number): number {
  if (pagesFor(0) > pages) return -1;
  let from = 0;
  let to = 2;
  while (pagesFor(to) <= pages) to *= 2;
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (pagesFor(middle) <= pages) from = middle;
    else to = middle;
  }
  return from;
}

import { ArrayMap, type BpfMap } from "@weir/kernel";
import { ENTRIES_PER_BUCKET, LimitBucket } from "@weir/programs";

const WORDS_PER_ENTRY = 2;
const WORDS_PER_BUCKET = ENTRIES_PER_BUCKET * WORDS_PER_ENTRY;
const HALF = 32n;

/**
 * Takes what sources and flows have to their credit into a larger table. Where an entry belongs follows from its tag. What a program that goes
 * on with the smaller one charges meanwhile is forgiven.
 */
export function growLimits(smaller: BpfMap, larger: BpfMap): void {
  using from = ArrayMap.of(smaller, { value: LimitBucket });
  using to = ArrayMap.of(larger, { value: LimitBucket });
  using before = from.memory();
  using after = to.memory({ writable: true });
  const [words, places] = [new BigUint64Array(before.buffer), new BigUint64Array(after.buffer)];
  const buckets = BigInt(larger.info.maxEntries);
  const now = process.hrtime.bigint();
  for (let at = 0; at < words.length; at += WORDS_PER_ENTRY) {
    const [tag = 0n, time = 0n] = [words[at], words[at + 1]];
    if (time <= now) continue;
    const place = freePlace(places, [tag >> HALF, BigInt.asUintN(32, tag)], buckets);
    if (place === undefined) continue;
    places[place] = tag;
    places[place + 1] = time;
  }
}

/** In one of the two buckets of a tag, of which each half says one. */
function freePlace(places: BigUint64Array, halves: readonly bigint[], buckets: bigint): number | undefined {
  for (const half of halves) {
    const first = Number((half * buckets) >> HALF) * WORDS_PER_BUCKET;
    for (let place = first; place < first + WORDS_PER_BUCKET; place += WORDS_PER_ENTRY) {
      if (places[place + 1] === 0n) return place;
    }
  }
  return undefined;
}

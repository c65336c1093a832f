/**
 * Where the slot of a connection is: in one of a few buckets that follow from its hash. The eight slots of a bucket are told apart by the bytes of
 * one word, a tag for each slot that is taken and 0 for one that is free. The word of a bucket is compared as a whole, so slots are looked at only
 * where a tag agrees; and the words of all buckets are so little memory that they stay in the cache. See docs/flow-table.md.
 */
import { type u32, u64, type Value } from "@weir/bytecode/layout";
import type { ArrayMap } from "@weir/compiler/language";
import { type FlowBucket, FLOW_WAYS as WAYS } from "../records/flow.ts";
import { flowBuckets, idle } from "./settings.bpf.ts";

/**
 * Steps before a packet is counted as overflow: each bucket and each slot with the connection's tag is one. In a table three quarters full 2 new
 * flows of 100,000 find no room on the way.
 */
const STEPS = 11;

/** A connection of a single packet is idle sixteen times sooner: so a flood of made-up sources does not hold the table. */
const SINGLE_SHIFT = 4;

/** No place: behind all elements of a map. */
const NOWHERE = 0xffff_ffff;

type Bucket = Value<typeof FlowBucket>;

/** What says whether a connection is idle. */
interface Times {
  readonly last_seen_ns: u64;
  readonly packet_count: u64;
}

const EACH = u64.of(0x0101_0101_0101_0101n);
const TOPS = u64.of(0x8080_8080_8080_8080n);
/** Multiplied by a word with one bit, the lowest of byte i, it has i in its three highest bits. */
const NUMBERS = u64.of(0x0020_4060_80a0_c0e0n);

/** The bucket, of one section, that a hash points at: scaled by multiplication, so that their number is free. */
function bucketAt(hash: u32): u32 {
  return ((hash as u64) * flowBuckets) >> 32;
}

/** The hash to try after a bucket that is full (a full-period generator of Knuth's). */
function nextHash(hash: u32): u32 {
  return hash * 0x9e37_79b1 + 1;
}

/** From 1 to 255, of the lower half of a hash: the bucket follows from the upper one. */
function tagOf(hash: u32): u64 {
  return ((((hash & 0xffff) * 255) >> 16) + 1) as u64;
}

/**
 * The highest bit of each byte of a word that is a tag. The lowest of them is one for certain; a higher one may be of another byte, which the
 * slot itself tells (Mycroft's test, in Warren: Hacker's Delight, 6-1).
 */
function bytesAlike(tags: u64, tag: u64): u64 {
  const different = tags ^ (tag * EACH);
  return (different - EACH) & ~different & TOPS;
}

/** The number of the lowest byte. */
function lowestByte(bytes: u64): u32 {
  return ((((bytes & (0 - bytes)) >> 7) * NUMBERS) >> 61) as u32;
}

/** A word in which one byte is a tag. */
function withTag(tags: u64, way: u32, tag: u64): u64 {
  const shift = way << 3;
  return (tags & ~((0xff as u64) << shift)) | (tag << shift);
}

/** Where a connection is as long as it found its bucket with room: the busy ones nearly all are, since they came early. */
export function ownPlace(section: u32, hash: u32): u32 {
  return (section * flowBuckets + bucketAt(hash)) * WAYS + ownWay(hash);
}

function ownWay(hash: u32): u32 {
  return hash & (WAYS - 1);
}

/**
 * The place of a connection that is not in its own: where it is, or where it may begin, in a slot that is free or whose connection is idle; `NOWHERE` when
 * there is none. It is looked for everywhere before it begins: one that began twice would lose what its first slot has as soon as that is idle.
 *
 * @param isAt whether the connection is at a place
 * @param hasRoom whether a free slot may be taken
 * @param countsAt of the slot at a place
 */
export function findPlace(
  index: ArrayMap<Bucket>,
  section: u32,
  hash: u32,
  time: u64,
  isAt: (place: u32) => boolean,
  hasRoom: () => boolean,
  countsAt: (place: u32) => Times | null,
): u32 {
  const tag = tagOf(hash);
  const own = ownWay(hash);
  let at = hash;
  let number: u32 = 0;
  let bucket: Bucket | null = null;
  let alike: u64 = 0;
  let free: u64 = 0;
  // The first bucket that may have an idle connection. One at most is looked through for each packet.
  let waiting: u32 = NOWHERE;
  // One loop, because the verifier goes through one within another for each pair of turns.
  for (let step = 0; step < STEPS; step++) {
    if (alike !== 0) {
      const place = number * WAYS + lowestByte(alike);
      if (isAt(place)) return place;
      alike &= alike - 1;
    } else {
      if (bucket !== null) {
        if (waiting === NOWHERE && idle !== 0 && time >= bucket.busy_until_ns) waiting = number;
        free = bytesAlike(bucket.tags, 0);
        // A slot that was taken once is never free again: behind a bucket with a free one no connection can be.
        if (free !== 0) break;
        at = nextHash(at);
      }
      number = section * flowBuckets + bucketAt(at);
      bucket = index.lookup(number);
      if (bucket === null) return NOWHERE;
      alike = bytesAlike(bucket.tags, tag);
    }
  }
  if (bucket === null) return NOWHERE;
  let way: u32 = WAYS;
  if (free !== 0 && hasRoom()) {
    way = ((bucket.tags >> (own << 3)) & 0xff) === 0 ? own : lowestByte(free);
  } else if (waiting !== NOWHERE) {
    number = waiting;
    bucket = index.lookup(number);
    if (bucket === null) return NOWHERE;
    way = findIdle(bucket, number * WAYS, time, countsAt);
  }
  if (way >= WAYS) return NOWHERE;
  bucket.tags = withTag(bucket.tags, way, tag);
  bucket.busy_until_ns = 0;
  return number * WAYS + way;
}

/**
 * The slot of a bucket whose connection is idle; `FLOW_WAYS` where none is. Then it notes until when that cannot change, so that under a flood the
 * slots are not looked at again for each packet.
 *
 * @param countsAt of the slot at a place
 */
function findIdle(bucket: Bucket, first: u32, time: u64, countsAt: (place: u32) => Times | null): u32 {
  let earliest: u64 = time + idle;
  for (let way: u32 = 0; way < WAYS; way++) {
    const counts = countsAt(first + way);
    if (counts === null) return WAYS;
    if (counts.packet_count === 0) continue;
    const patience: u64 = counts.packet_count === 1 ? idle >> SINGLE_SHIFT : idle;
    const end = counts.last_seen_ns + patience;
    if (time > end) return way;
    if (end < earliest) earliest = end;
  }
  bucket.busy_until_ns = earliest + 1;
  return WAYS;
}

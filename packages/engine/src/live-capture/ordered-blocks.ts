import type { RingCursor } from "./ring-cursor.ts";

/** Bytes that are put in order at a time; more than the longest block has. */
const STAGE = 512 * 1024;
const UPPER_WORD = 2n ** 32n;

/**
 * The blocks of all rings in the order of their times.
 *
 * While one CPU alone has packets, its blocks are given out as they lie in its ring, however many they are, and nobody looks at
 * them. When several have some, they are merged, in memory of their own.
 *
 * A flow may come in on one CPU and then on another. If its second packet is given out, its first one has been before:
 * - Merging goes up to a time that was read before the rings were looked at. A first packet that was not there then was
 *   completed after that time, and the second one is later still.
 * - Of a single ring all is given out; then the others are looked at twice. A first packet that was completed before the
 *   second one is seen the second time.
 */
export class OrderedBlocks {
  readonly #cursors: readonly RingCursor[];
  /** Upper half of a time to which others are relative. */
  readonly #origin: number;
  readonly #stage = new Int32Array(STAGE / 4);
  /** Whose own memory was given out. */
  #direct: RingCursor | undefined;

  /** @param now nanoseconds since 1970 */
  constructor(cursors: readonly RingCursor[], now: bigint) {
    this.#cursors = cursors;
    this.#origin = Number(now / UPPER_WORD);
  }

  /**
   * The next blocks, to be used before the next call; undefined when there are none.
   *
   * @param until nanoseconds since 1970, read before the call; undefined: all that there is
   */
  next(until: bigint | undefined): Uint8Array | undefined {
    this.#direct?.takeRest();
    this.#direct = undefined;
    const busy = this.#cursors.filter((cursor) => cursor.look());
    const [first] = busy;
    if (first === undefined) return undefined;
    if (busy.length === 1 && this.#cursors.every((cursor) => cursor === first || !cursor.look())) {
      this.#direct = first;
      return first.rest();
    }
    return this.#merged(this.#relative(until));
  }

  #merged(latest: number): Uint8Array | undefined {
    // Whoever has nothing now, or nothing any more, has nothing that is early enough.
    let left = this.#cursors.filter((cursor) => cursor.look());
    /** Words. */
    let length = 0;
    for (;;) {
      let first: RingCursor | undefined;
      let firstTime = latest;
      let secondTime = latest;
      for (const cursor of left) {
        const time = cursor.time(this.#origin);
        if (time < firstTime || (first === undefined && time === latest)) {
          if (first !== undefined) secondTime = firstTime;
          first = cursor;
          firstTime = time;
        } else if (time < secondTime) {
          secondTime = time;
        }
      }
      const copied = first?.copyUntil(secondTime, this.#origin, this.#stage, length) ?? 0;
      if (first === undefined || copied === 0)
        return length === 0 ? undefined : new Uint8Array(this.#stage.buffer, 0, length * 4);
      length += copied;
      if (!first.look()) left = left.filter((cursor) => cursor !== first);
    }
  }

  #relative(time: bigint | undefined): number {
    if (time === undefined) return Number.POSITIVE_INFINITY;
    return Number(time - BigInt(this.#origin) * UPPER_WORD);
  }
}

/** Log2 of how many parts hashes are divided into, so that what a part needs stays in the processor's cache. */
const PART_BITS = 10;
const NONE = -1;

/**
 * Finds, for each of some rows in ascending order, the first among them with the same hash.
 *
 * One table for all would take a miss of the cache for each row; so the rows are divided by their hashes before. Memory is kept, because
 * touching new pages costs more than all else here.
 */
export class HashGroups {
  /** Indexes of rows, those of each part together, and their hashes. */
  #order = new Uint32Array(0);
  #hashes = new Uint32Array(0);
  #firsts = new Uint32Array(0);
  /** Places in the order by their hashes, `NONE` where none is: open addressing, a power of two in size. */
  #table = new Int32Array(0);

  /** The array is good until the next call. */
  firsts(rows: Uint32Array, hashes: Uint32Array): Uint32Array {
    if (this.#order.length < rows.length) {
      this.#order = new Uint32Array(rows.length);
      this.#hashes = new Uint32Array(rows.length);
      this.#firsts = new Uint32Array(rows.length);
    }
    let start = 0;
    for (const end of this.#divide(rows, hashes)) {
      this.#findFirsts(rows, start, end);
      start = end;
    }
    return this.#firsts.subarray(0, rows.length);
  }

  /** Sorts the rows by the first bits of their hashes; where each part ends. */
  #divide(rows: Uint32Array, hashes: Uint32Array): Uint32Array {
    const ends = new Uint32Array(2 ** PART_BITS);
    const shift = 32 - PART_BITS;
    for (let index = 0; index < rows.length; index++) {
      const part = (hashes[rows[index] ?? 0] ?? 0) >>> shift;
      ends[part] = (ends[part] ?? 0) + 1;
    }
    for (let part = 0, end = 0; part < ends.length; part++) {
      const start = end;
      end += ends[part] ?? 0;
      ends[part] = start;
    }
    const [order, ordered] = [this.#order, this.#hashes];
    for (let index = 0; index < rows.length; index++) {
      const hash = hashes[rows[index] ?? 0] ?? 0;
      const place = ends[hash >>> shift] ?? 0;
      order[place] = index;
      ordered[place] = hash;
      ends[hash >>> shift] = place + 1;
    }
    return ends;
  }

  #findFirsts(rows: Uint32Array, start: number, end: number): void {
    const size = 2 ** Math.ceil(Math.log2((end - start) * 2 + 1));
    if (this.#table.length < size) this.#table = new Int32Array(size);
    const [table, order, hashes, firsts] = [this.#table, this.#order, this.#hashes, this.#firsts];
    table.fill(NONE, 0, size);
    for (let place = start; place < end; place++) {
      const hash = hashes[place] ?? 0;
      let at = hash & (size - 1);
      let known = table[at] ?? NONE;
      while (known !== NONE && hashes[known] !== hash) {
        at = (at + 1) & (size - 1);
        known = table[at] ?? NONE;
      }
      if (known === NONE) table[at] = place;
      const first = known === NONE ? place : known;
      const index = order[place] ?? 0;
      firsts[index] = rows[order[first] ?? 0] ?? 0;
    }
  }
}

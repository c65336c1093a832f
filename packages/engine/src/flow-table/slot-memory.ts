/** Words of slots, which programs may be writing to. */
export interface SlotMemory {
  /** Copies words from `first` on, as many as there are and as the target has room for; gives their number. Each copy is made after the one before. */
  copy(first: number, target: Uint32Array): number;
}

const FENCE = new Int32Array(1);

/** Memory of a map, mapped into this process. */
export class MappedSlots implements SlotMemory {
  readonly #words: Uint32Array;

  constructor(words: Uint32Array) {
    this.#words = words;
  }

  copy(first: number, target: Uint32Array): number {
    const part = this.#words.subarray(first, first + target.length);
    target.set(part);
    // x86 keeps loads in order; on arm64 a release and then an acquire do.
    Atomics.store(FENCE, 0, 0);
    Atomics.load(FENCE, 0);
    return part.length;
  }
}

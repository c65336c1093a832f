import type { FlowFamily } from "./flow-family.ts";
import type { SlotMemory } from "./slot-memory.ts";

/** Bytes that are copied at once: so little that all copies stay in the processor's first cache or nearly. */
const PIECE = 8 * 1024;

/**
 * Slots that are copied out of memory in which programs may be giving them to other connections. A program makes the last word of a key 0 before it
 * changes a slot's counts and addresses, and writes that word last. So counts that were read after the key are that key's if the key is the same
 * afterwards: in two copies, because a copy may have read the addresses before all this and the last word after it. Where nothing at all has changed the
 * counts are the same in all three copies too, and no fourth one is needed. Two would not do: where the last word is that of both keys, they can be the
 * same with the counts of one and the addresses of the other.
 *
 * Only a slot that went to another connection and came back meanwhile would not be noticed: that takes longer than a connection has to
 * be idle.
 */
export class SlotCopy {
  /** How many slots are copied at once. */
  readonly slots: number;
  readonly words: Uint32Array<ArrayBuffer>;
  /** The numbers of the slots that have a connection whose counts are its own. */
  readonly taken: Uint32Array;
  readonly #before: Uint32Array<ArrayBuffer>;
  readonly #after: Uint32Array<ArrayBuffer>;
  readonly #last: Uint32Array<ArrayBuffer>;
  readonly #family: FlowFamily;

  constructor(family: FlowFamily) {
    const words = family.size / 4;
    this.slots = Math.floor(PIECE / family.size);
    this.#family = family;
    this.words = new Uint32Array(this.slots * words);
    this.taken = new Uint32Array(this.slots + 1);
    this.#before = new Uint32Array(this.words.length);
    this.#after = new Uint32Array(this.words.length);
    this.#last = new Uint32Array(this.words.length);
  }

  /**
   * Copies slots from `first` on, up to the end of the memory.
   *
   * @param copyBeside copies what belongs to the same slots, when it is called
   * @returns how many of them are `taken`
   */
  read(memory: SlotMemory, first: number, copyBeside: () => void = () => {}): number {
    const start = first * (this.#family.size / 4);
    memory.copy(start, this.#before);
    const length = memory.copy(start, this.words);
    copyBeside();
    memory.copy(start, this.#after);
    const isQuiet = isSame(this.#before, this.words) && isSame(this.words, this.#after);
    if (!isQuiet) memory.copy(start, this.#last);
    const count = this.#findTaken(length);
    return isQuiet ? count : this.#keepWhole(count);
  }

  /**
   * Free slots have kind 0, so the word of protocol and kind is 0 too. Without a branch on it: free and taken ones follow each other by chance, which
   * no processor foresees.
   */
  #findTaken(length: number): number {
    const { keyStart, protocol, size } = this.#family;
    const { words, taken } = this;
    let count = 0;
    for (let at = keyStart + protocol, slot = 0; at < length; at += size / 4, slot++) {
      taken[count] = slot;
      const word = (words[at] ?? 0) | 0;
      count += (word | -word) >>> 31;
    }
    return count;
  }

  #keepWhole(count: number): number {
    let kept = 0;
    for (let index = 0; index < count; index++) {
      const slot = this.taken[index] ?? 0;
      if (this.#isWhole(slot)) this.taken[kept++] = slot;
    }
    return kept;
  }

  #isWhole(slot: number): boolean {
    const { keyStart, keyWords, size } = this.#family;
    const key = slot * (size / 4) + keyStart;
    for (let word = key; word < key + keyWords; word++) {
      const read = this.words[word];
      if (read !== this.#before[word] || read !== this.#after[word] || read !== this.#last[word]) return false;
    }
    return true;
  }
}

/** One comparison of all: a word at a time would take as long as everything else. */
function isSame(left: Uint32Array<ArrayBuffer>, right: Uint32Array<ArrayBuffer>): boolean {
  return Buffer.from(left.buffer).equals(Buffer.from(right.buffer));
}

import {
  DIRECTORY_AT,
  DIRECTORY_BLOCK,
  type NET_ALL,
  type NET_NONE,
  NET_SOME,
  PAGE_WORDS,
  UNIT_WORDS,
} from "@weir/programs/sets";
import type { SetMemory } from "./set-memory.ts";
import type { Units } from "./units.ts";

const DIRECTORY = DIRECTORY_AT * PAGE_WORDS * 2;
const UNIT_HALVES = UNIT_WORDS * 2;
/** Nets of an entry of the directory, of a word and of half a word of a block. */
const ENTRY_NETS = 256;
const WORD_NETS = 32;
const HALF_NETS = 16;
/** A block has so many halves of words; it is a piece of two units. */
const BLOCK_HALVES = ENTRY_NETS / HALF_NETS;
const BLOCK_SIZE = 1;
/** A half of a word whose nets all have state 1. */
const SAME = 0x5555_5555;

/**
 * The states of all values of an address's first 24 bits. A block is complete before the directory has it, and is not used again before the programs have ended
 * that may have found it; in between its words change one by one.
 */
export class NetStates {
  readonly #memory: SetMemory;
  readonly #units: Units;

  constructor(memory: SetMemory, units: Units) {
    this.#memory = memory;
    this.#units = units;
  }

  get(net: number): number {
    const entry = this.#entry(net >>> 8);
    if (entry < DIRECTORY_BLOCK) return entry;
    const half = this.#memory.halves[entry * UNIT_HALVES + ((net >>> 4) & (BLOCK_HALVES - 1))] ?? 0;
    return (half >>> ((net & 15) * 2)) & 3;
  }

  /** Sets the state of a net while programs read; false when there is no room for a block. */
  set(net: number, state: number): boolean {
    const block = this.#blockOf(net >>> 8);
    if (block === 0) return false;
    const { halves } = this.#memory;
    const word = block * UNIT_WORDS + ((net >>> 5) & 7);
    const both = [halves[word * 2] ?? 0, halves[word * 2 + 1] ?? 0];
    const half = (net >>> 4) & 1;
    const shift = (net & 15) * 2;
    both[half] = ((both[half] ?? 0) & ~(3 << shift)) | (state << shift);
    this.#memory.publish(word, (both[1] ?? 0) >>> 0, (both[0] ?? 0) >>> 0);
    if (state < NET_SOME) this.#simplify(net >>> 8, state);
    return true;
  }

  /** Sets the state of a net that has none, before any program reads; false when there is no room for a block. */
  build(net: number, state: number): boolean {
    const block = this.#blockOf(net >>> 8);
    if (block === 0) return false;
    const at = block * UNIT_HALVES + ((net >>> 4) & (BLOCK_HALVES - 1));
    this.#memory.halves[at] = (this.#memory.halves[at] ?? 0) | (state << ((net & 15) * 2));
    return true;
  }

  /** Makes all or none of the addresses members, of many nets that follow each other; false when there is no room for a block. */
  setRange(from: number, to: number, state: typeof NET_ALL | typeof NET_NONE): boolean {
    let net = from;
    while (net < to) {
      if (net % ENTRY_NETS === 0 && net + ENTRY_NETS <= to) {
        this.#setEntry(net >>> 8, state);
        net += ENTRY_NETS;
      } else if (this.#entry(net >>> 8) === state) {
        net = Math.min(to, (net | (ENTRY_NETS - 1)) + 1);
      } else {
        if (this.get(net) !== state && !this.set(net, state)) return false;
        net += 1;
      }
    }
    return true;
  }

  /** Calls with each net, from one to before another, of which some addresses are members. */
  eachSome(from: number, to: number, call: (net: number) => void): void {
    const { halves } = this.#memory;
    for (let net = from; net < to; net++) {
      const entry = this.#entry(net >>> 8);
      if (entry < DIRECTORY_BLOCK) {
        net |= ENTRY_NETS - 1;
        continue;
      }
      const half = halves[entry * UNIT_HALVES + ((net >>> 4) & (BLOCK_HALVES - 1))] ?? 0;
      // Upper bits of states: 0 in all of them.
      if ((half & ~SAME) === 0) net |= HALF_NETS - 1;
      else if (this.get(net) >= NET_SOME) call(net);
    }
  }

  #entry(index: number): number {
    return this.#memory.halves[DIRECTORY + index] ?? 0;
  }

  /** The block of an entry, which gets one that says the same when it has none; 0 when there is no room. */
  #blockOf(index: number): number {
    const entry = this.#entry(index);
    if (entry >= DIRECTORY_BLOCK) return entry;
    const block = this.#units.take(BLOCK_SIZE);
    if (block === 0) return 0;
    const at = block * UNIT_HALVES;
    this.#memory.halves.fill(Math.imul(entry, SAME), at, at + BLOCK_HALVES);
    this.#setEntry(index, block);
    return block;
  }

  /** Publishes an entry, with its neighbour, and gives back the block that it had. */
  #setEntry(index: number, entry: number): void {
    const { halves } = this.#memory;
    const before = this.#entry(index);
    if (before === entry) return;
    const other = halves[DIRECTORY + (index ^ 1)] ?? 0;
    const word = (DIRECTORY + index) >>> 1;
    if (index % 2 === 0) this.#memory.publish(word, other, entry);
    else this.#memory.publish(word, entry, other);
    if (before >= DIRECTORY_BLOCK) this.#units.giveBack(before, BLOCK_SIZE);
  }

  /** Does without a block whose nets have all the same state. */
  #simplify(index: number, state: number): void {
    const at = this.#entry(index) * UNIT_HALVES;
    const same = Math.imul(state, SAME);
    for (let half = 0; half < BLOCK_HALVES; half++) if (this.#memory.halves[at + half] !== same) return;
    this.#setEntry(index, state);
  }
}

/** Units that the blocks of so many prefixes take, with those that wait to be used again. */
export function blockUnits(capacity: number): number {
  return 2 ** BLOCK_SIZE * Math.min(capacity + WORD_NETS, ENTRY_NETS * ENTRY_NETS);
}

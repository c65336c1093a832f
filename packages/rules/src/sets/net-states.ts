import { NET_SOME, NETS_AT, PAGE_WORDS } from "@weir/programs/sets";
import type { SetMemory } from "./set-memory.ts";

const FIRST = NETS_AT * PAGE_WORDS;
/** Nets of one word. */
const WORD_NETS = 32;
const HALF_NETS = 16;
/** A half of a word whose nets all have state 1. */
const SAME = 0x5555_5555;

/** The states of all values of an address's first 24 bits, two bits each, 32 to a word. */
export class NetStates {
  readonly #memory: SetMemory;

  constructor(memory: SetMemory) {
    this.#memory = memory;
  }

  get(net: number): number {
    return ((this.#memory.halves[FIRST * 2 + (net >>> 4)] ?? 0) >>> ((net & 15) * 2)) & 3;
  }

  /** Sets the state in memory that no program reads yet. */
  build(net: number, state: number): void {
    const at = FIRST * 2 + (net >>> 4);
    this.#memory.halves[at] = (this.#memory.halves[at] ?? 0) | (state << ((net & 15) * 2));
  }

  /** Sets the state while programs read: those of other nets, in the same word, stay as they are. */
  publish(net: number, state: number): void {
    const word = FIRST + (net >>> 5);
    const halves = [this.#memory.halves[word * 2] ?? 0, this.#memory.halves[word * 2 + 1] ?? 0];
    const half = (net >>> 4) & 1;
    const shift = (net & 15) * 2;
    halves[half] = ((halves[half] ?? 0) & ~(3 << shift)) | (state << shift);
    this.#memory.publish(word, (halves[1] ?? 0) >>> 0, (halves[0] ?? 0) >>> 0);
  }

  /** Calls with each net, from one to before another, of which some addresses are members. */
  eachSome(from: number, to: number, call: (net: number) => void): void {
    const { halves } = this.#memory;
    for (let net = from; net < to; net++) {
      const half = halves[FIRST * 2 + (net >>> 4)] ?? 0;
      // Upper bits of states: 0 in all of them.
      if ((half & ~SAME) === 0) net |= HALF_NETS - 1;
      else if (this.get(net) >= NET_SOME) call(net);
    }
  }

  /** Sets the states of many nets that follow each other, word by word. */
  publishAll(from: number, to: number, state: number): void {
    const { halves } = this.#memory;
    let net = from;
    for (; net < to && net % WORD_NETS !== 0; net++) this.publish(net, state);
    const same = Math.imul(state, SAME) >>> 0;
    for (; net + WORD_NETS <= to; net += WORD_NETS) {
      const word = FIRST + net / WORD_NETS;
      if (halves[word * 2] !== same || halves[word * 2 + 1] !== same) this.#memory.publish(word, same, same);
    }
    for (; net < to; net++) this.publish(net, state);
  }
}

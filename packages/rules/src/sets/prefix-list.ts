import {
  OWN_CAPACITY,
  OWN_COUNT,
  OWN_HEAD_BITS,
  OWN_HEADS_AT,
  OWN_LENGTHS,
  OWN_NODE_FREE,
  OWN_NODE_NEXT,
  OWN_NODES_AT,
} from "./set-format.ts";
import type { SetMemory } from "./set-memory.ts";

/** Numbers of a node besides those of the address: length, and the next node of the chain. */
const LENGTH = 0;
const NEXT = 1;
const ADDRESS = 2;
/** The length of a node that is none. */
const FREED = 0xffff_ffff;

/** Chains of a list that has so many prefixes, as the exponent of 2. */
export function headBits(capacity: number): number {
  return Math.max(4, 31 - Math.clz32(capacity));
}

/** 32-bit numbers that a list takes. */
export function listHalves(capacity: number, words: number): number {
  return 2 ** headBits(capacity) + (capacity + 1) * (words + ADDRESS);
}

/**
 * The prefixes of a set as they were given, which the program does not read: without them nobody could say what is left when one is taken out.
 * Those that share their first bits (24 of an IPv4 address, 32 of an IPv6 address; shorter ones, all that they have) are in one chain.
 */
export class PrefixList {
  readonly #memory: SetMemory;
  readonly #words: number;
  readonly #groupBits: number;
  readonly #heads: number;
  readonly #headBits: number;
  readonly #nodes: number;

  /** @param words 32-bit numbers of an address */
  constructor(memory: SetMemory, words: number, groupBits: number) {
    this.#memory = memory;
    this.#words = words;
    this.#groupBits = groupBits;
    this.#heads = memory.own(OWN_HEADS_AT);
    this.#headBits = memory.own(OWN_HEAD_BITS);
    this.#nodes = memory.own(OWN_NODES_AT);
  }

  get count(): number {
    return this.#memory.own(OWN_COUNT);
  }

  /** How many prefixes of a length there are. */
  countOf(length: number): number {
    return this.#memory.own(OWN_LENGTHS + length);
  }

  /** The node of a prefix; 0 when it is not in the list. */
  find(address: ArrayLike<number>, length: number): number {
    for (let node = this.first(address[0] ?? 0, length); node !== 0; node = this.next(node)) {
      if (this.lengthOf(node) === length && this.#isAt(node, address)) return node;
    }
    return 0;
  }

  /** The first node of the chain that prefixes of this length and beginning are in, among others. */
  first(beginning: number, length: number): number {
    return this.#memory.halves[this.#head(beginning, length)] ?? 0;
  }

  next(node: number): number {
    return this.#memory.halves[this.#at(node) + NEXT] ?? 0;
  }

  lengthOf(node: number): number {
    return this.#memory.halves[this.#at(node) + LENGTH] ?? 0;
  }

  word(node: number, index: number): number {
    return this.#memory.halves[this.#at(node) + ADDRESS + index] ?? 0;
  }

  /** Adds a prefix that is not in the list; false when there is no room. */
  add(address: ArrayLike<number>, length: number): boolean {
    const { halves } = this.#memory;
    const node = this.#memory.own(OWN_NODE_FREE) || this.#memory.own(OWN_NODE_NEXT);
    if (node > this.#memory.own(OWN_CAPACITY)) return false;
    const at = this.#at(node);
    // It is none before all of it is there: see `repair`.
    halves[at + LENGTH] = FREED;
    if (node === this.#memory.own(OWN_NODE_FREE)) this.#memory.setOwn(OWN_NODE_FREE, this.next(node));
    else this.#memory.setOwn(OWN_NODE_NEXT, node + 1);
    for (let index = 0; index < this.#words; index++) halves[at + ADDRESS + index] = address[index] ?? 0;
    halves[at + LENGTH] = length;
    this.#link(node);
    return true;
  }

  /** Takes a prefix out; false when it is not in the list. */
  remove(address: ArrayLike<number>, length: number): boolean {
    const { halves } = this.#memory;
    let link = this.#head(address[0] ?? 0, length);
    for (let node = halves[link] ?? 0; node !== 0; node = halves[link] ?? 0) {
      if (this.lengthOf(node) === length && this.#isAt(node, address)) {
        halves[this.#at(node) + LENGTH] = FREED;
        halves[link] = this.next(node);
        this.#free(node);
        this.#count(length, -1);
        return true;
      }
      link = this.#at(node) + NEXT;
    }
    return false;
  }

  /** Makes chains and counts anew of the nodes, where a process may have ended in the middle of a change. */
  repair(): void {
    const { halves } = this.#memory;
    halves.fill(0, this.#heads, this.#nodes);
    this.#memory.setOwn(OWN_NODE_FREE, 0);
    this.#memory.setOwn(OWN_COUNT, 0);
    for (let length = 0; length <= this.#words * 32; length++) this.#memory.setOwn(OWN_LENGTHS + length, 0);
    for (let node = 1; node < this.#memory.own(OWN_NODE_NEXT); node++) {
      if (this.lengthOf(node) === FREED) this.#free(node);
      else this.#link(node);
    }
  }

  /** All nodes, in no order. */
  *nodes(): Generator<number> {
    const end = this.#memory.own(OWN_NODE_NEXT);
    for (let node = 1; node < end; node++) if (this.lengthOf(node) !== FREED) yield node;
  }

  #link(node: number): void {
    const { halves } = this.#memory;
    const length = this.lengthOf(node);
    const head = this.#head(this.word(node, 0), length);
    halves[this.#at(node) + NEXT] = halves[head] ?? 0;
    halves[head] = node;
    this.#count(length, 1);
  }

  #free(node: number): void {
    this.#memory.halves[this.#at(node) + NEXT] = this.#memory.own(OWN_NODE_FREE);
    this.#memory.setOwn(OWN_NODE_FREE, node);
  }

  #count(length: number, by: number): void {
    this.#memory.setOwn(OWN_LENGTHS + length, this.countOf(length) + by);
    this.#memory.setOwn(OWN_COUNT, this.count + by);
  }

  #isAt(node: number, address: ArrayLike<number>): boolean {
    for (let index = 0; index < this.#words; index++) if (this.word(node, index) !== address[index]) return false;
    return true;
  }

  #at(node: number): number {
    return this.#nodes + node * (this.#words + ADDRESS);
  }

  #head(beginning: number, length: number): number {
    const bits = Math.min(length, this.#groupBits);
    const group = bits === 0 ? 0 : beginning >>> (32 - bits);
    // No hash: prefixes that follow each other, as they do when a set is built, have heads that do.
    const folded = group ^ (group >>> this.#headBits) ^ Math.imul(this.#groupBits - bits, 0x9e37_79b1);
    return this.#heads + (folded & (2 ** this.#headBits - 1));
  }
}

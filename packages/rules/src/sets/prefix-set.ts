import { wordMask } from "./ipv6-prefix.ts";
import { PrefixList } from "./prefix-list.ts";
import type { Added, AddedUntil, Removed } from "./set-change.ts";
import { OWN_CAPACITY, OWN_PENDING, OWN_PENDING_WORDS } from "./set-format.ts";
import type { SetMemory } from "./set-memory.ts";
import { TimedEntries, type TimedEntry } from "./timed-entries.ts";
import type { Units } from "./units.ts";

/** Nets have so many bits: each has a state that the program asks for first. */
export const NET_BITS = 24;

/** A prefix as sets keep it: the numbers of 32 bits of its address, and its length in bits. */
export interface PrefixWords {
  readonly words: readonly number[];
  readonly length: number;
}

/** What a set is of. */
export interface PrefixSetParts {
  readonly memory: SetMemory;
  readonly units: Units;
  /** 32-bit numbers of an address. */
  readonly words: number;
  /** Prefixes that share so many bits are in one chain of the list. */
  readonly groupBits: number;
}

/**
 * What sets of both families have in common: the list of prefixes as they were given, those that end by themselves, and how a change is made so that
 * whoever opens the set later can bring it to its end. What the program looks up is for each family to renew.
 */
export abstract class PrefixSet<Prefix> {
  protected readonly memory: SetMemory;
  protected readonly list: PrefixList;
  protected readonly timed: TimedEntries;
  readonly #words: number;

  protected constructor({ memory, units, words, groupBits }: PrefixSetParts) {
    this.memory = memory;
    this.list = new PrefixList(memory, words, groupBits);
    this.timed = new TimedEntries(memory, units);
    this.#words = words;
  }

  /** How many prefixes it has. */
  get size(): number {
    return this.list.count;
  }

  /** How many it has room for, about: some may find no place before. */
  get capacity(): number {
    return this.memory.own(OWN_CAPACITY);
  }

  /** Whether this very prefix is one of the set's. */
  lists(prefix: Prefix): boolean {
    const { words, length } = this.wordsOf(prefix);
    return this.list.find(words, length) !== 0;
  }

  /** The shortest prefix of the set that contains this one, or is it; undefined when none does. */
  covering(prefix: Prefix): Prefix | undefined {
    const { words, length } = this.wordsOf(prefix);
    for (let shorter = 0; shorter <= length; shorter++) {
      if (this.list.countOf(shorter) === 0) continue;
      const beginning = words.map((word, index) => (word & wordMask(shorter, index)) >>> 0);
      if (this.list.find(beginning, shorter) !== 0) return this.prefixOf({ words: beginning, length: shorter });
    }
    return undefined;
  }

  /** Adds a prefix, while programs look the set up. */
  add(prefix: Prefix): Added {
    const { words, length } = this.wordsOf(prefix);
    if (this.list.find(words, length) !== 0) return "present";
    this.#begin(words, length);
    let result: Added = "grow";
    if (this.list.add(words, length)) {
      if (this.renew(words, length)) result = "added";
      else {
        this.list.remove(words, length);
        this.renew(words, length);
      }
    }
    this.#end();
    return result;
  }

  /** Takes a prefix out, while programs look the set up. What other prefixes of the set contain stays. */
  remove(prefix: Prefix): Removed {
    const { words, length } = this.wordsOf(prefix);
    this.#begin(words, length);
    let result: Removed = "absent";
    if (this.list.remove(words, length)) {
      result = "removed";
      // What is left of nets that it contained may want slots.
      if (!this.renew(words, length)) {
        this.list.add(words, length);
        this.renew(words, length);
        result = "grow";
      }
    }
    this.#end();
    return result;
  }

  /**
   * Adds a prefix that the program lets end by itself, or gives it another end. "grow" also where the set has such prefixes of eight other lengths.
   *
   * @param until the tick of the kernel's clock (jiffies) with which it ends
   * @param now what has ended by this tick is not there, and makes room
   */
  addUntil(prefix: Prefix, until: bigint, now: bigint): AddedUntil {
    return this.timed.add({ ...timedOf(this.wordsOf(prefix)), until }, now);
  }

  /** Takes out a prefix that would have ended by itself. @param now what has ended by this tick is "absent" */
  removeTimed(prefix: Prefix, now: bigint): Removed {
    return this.timed.remove(timedOf(this.wordsOf(prefix)), now);
  }

  /** Takes out what has ended, and gives how many these were. The program does not need it. */
  dropEnded(now: bigint): number {
    return this.timed.dropEnded(now);
  }

  protected abstract wordsOf(prefix: Prefix): PrefixWords;
  protected abstract prefixOf(words: PrefixWords): Prefix;

  /** Brings what the program looks up of a prefix in line with the list; false when there is no room. */
  protected abstract renew(words: readonly number[], length: number): boolean;

  /** Whether the list has a prefix, of one of these lengths up to 32, that addresses with this first word have. */
  protected isCovered(first: number, from: number, to: number): boolean {
    for (let length = from; length <= to; length++) {
      if (this.list.countOf(length) === 0) continue;
      if (this.list.find([(first & wordMask(length, 0)) >>> 0, 0, 0, 0], length) !== 0) return true;
    }
    return false;
  }

  /** Brings a change to its end that was begun by a process that is no more. */
  protected finish(): void {
    const pending = this.memory.own(OWN_PENDING);
    if (pending === 0) return;
    this.list.repair();
    const words = Array.from({ length: this.#words }, (_, word) => this.memory.own(OWN_PENDING_WORDS + word));
    const length = pending - 1;
    if (!this.renew(words, length)) {
      // There was no room for it, and its process was about to undo it.
      if (!this.list.remove(words, length)) this.list.add(words, length);
      this.renew(words, length);
    }
    this.#end();
  }

  /** Says in the set what is being changed, so that who opens it later can go on. */
  #begin(words: readonly number[], length: number): void {
    for (const [index, word] of words.entries()) this.memory.setOwn(OWN_PENDING_WORDS + index, word);
    this.memory.setOwn(OWN_PENDING, length + 1);
  }

  #end(): void {
    this.memory.setOwn(OWN_PENDING, 0);
  }
}

/** Two words of an address as one of 64 bits, from one on. */
export function half(words: ArrayLike<number>, from: number): bigint {
  return (BigInt(words[from] ?? 0) << 32n) | BigInt(words[from + 1] ?? 0);
}

function timedOf({ words, length }: PrefixWords): Omit<TimedEntry, "until"> {
  return { high: half(words, 0), low: half(words, 2), length };
}

import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../../../src/flow-table/flow-family.ts";
import { SlotCopy } from "../../../src/flow-table/slot-copy.ts";
import type { SlotMemory } from "../../../src/flow-table/slot-memory.ts";
import { type Store, tracedStores } from "./traced-stores.ts";

type State = readonly bigint[];
/** What a slot has after each number of stores: its words. */
type History = readonly State[];

/** Copies of a slot that a reader may make while it is written, given one after the other. */
class Copies implements SlotMemory {
  readonly length: number;
  readonly #copies: readonly Uint32Array[];
  #next = 0;

  constructor(copies: readonly Uint32Array[]) {
    this.length = copies[0]?.length ?? 0;
    this.#copies = copies;
  }

  copy(_first: number, target: Uint32Array): number {
    target.set(this.#copies[this.#next++] ?? []);
    return this.length;
  }
}

function historyOf(stores: readonly Store[], words: number): History {
  const history = [Array.from({ length: words }, () => 0n)];
  for (const { word, value } of stores) history.push((history.at(-1) ?? []).with(word, value));
  return history;
}

/** Everything that a copy may have which is made between two moments, its words in any order. */
function copiesBetween(history: History, from: number, to: number): (readonly bigint[])[] {
  const states = history.slice(from, to + 1);
  return (states[0] ?? []).reduce<bigint[][]>(
    (copies, _, word) => {
      const values = [...new Set(states.map((state) => state[word] ?? 0n))];
      return copies.flatMap((copy) => values.map((value) => [...copy, value]));
    },
    [[]],
  );
}

/** Of copies those that differ in the key, and which have the same counts as another copy if any has. */
function byKey(copies: readonly (readonly bigint[])[], counts: readonly bigint[]): (readonly bigint[])[] {
  const kept = new Map<string, readonly bigint[]>();
  for (const copy of copies) {
    const isSame = counts.every((count, word) => copy[word] === count);
    kept.set(`${copy.slice(counts.length)} ${isSame}`, copy);
  }
  return [...kept.values()];
}

function words(copy: readonly bigint[]): Uint32Array {
  return new Uint32Array(BigUint64Array.from(copy).buffer);
}

/**
 * Reads a slot in every way in which reading and writing may interleave.
 *
 * @param whole what it has when the program has done with a packet
 * @returns the keys that were read
 */
function readAll(family: FlowFamily, history: History, whole: readonly State[]): Set<string> {
  const last = history.length - 1;
  const keyStart = family.keyStart / 2;
  const counts = new Map<string, Set<bigint>[]>();
  for (const state of whole) {
    const key = String(state.slice(keyStart));
    const own = counts.get(key) ?? state.slice(0, keyStart).map(() => new Set());
    for (const [word, values] of own.entries()) values.add(state[word] ?? 0n);
    counts.set(key, own);
  }
  const read = new Set<string>();
  const wrong: unknown[] = [];
  const slot = new SlotCopy(family);
  const between = new Map<number, (readonly bigint[])[]>();
  const copies = (from: number, to: number): (readonly bigint[])[] => {
    const known = between.get(from * history.length + to) ?? copiesBetween(history, from, to);
    between.set(from * history.length + to, known);
    return known;
  };
  for (let first = 0; first <= last; first++) {
    for (let second = first; second <= last; second++) {
      for (let third = second; third <= last; third++) {
        for (const counted of copies(first, second)) {
          const befores = byKey(copies(0, first), counted.slice(0, keyStart)).map(words);
          const afters = byKey(copies(second, third), counted.slice(0, keyStart)).map(words);
          const ends = byKey(copies(third, last), []).map(words);
          const key = String(counted.slice(keyStart));
          for (const before of befores) {
            for (const after of afters) {
              for (const end of ends) {
                if (slot.read(new Copies([before, words(counted), after, end]), 0) === 0) continue;
                read.add(key);
                const own = counts.get(key);
                if (own?.every((values, word) => values.has(counted[word] ?? -1n))) continue;
                wrong.push({ first, second, third, before, counted, after, end });
              }
            }
          }
        }
      }
    }
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  return read;
}

const padded = (packet: { toBytes(): Uint8Array }, length: number): Uint8Array => {
  const frame = new Uint8Array(length);
  frame.set(packet.toBytes());
  return frame;
};
const ipv4 = (source: string, port: number, length: number) =>
  padded(ethernet().ipv4({ source }).udp({ sourcePort: port }), length);
const ipv6 = (source: string, destination: string, port: number, length: number) =>
  padded(ethernet().ipv6({ source, destination }).udp({ sourcePort: port }), length);

describe("a reader gives no counts under a key that is not theirs, and no key that never was, where a slot goes", () => {
  // Of IPv6 without packets that count on: there are too many ways.
  test.each([
    ["to another address", IPV4_FLOWS, ipv4("192.0.2.1", 7, 70), ipv4("192.0.2.2", 7, 1000)],
    ["to another port", IPV4_FLOWS, ipv4("192.0.2.1", 7, 70), ipv4("192.0.2.1", 8, 1000)],
    ["to another connection", IPV4_FLOWS, ipv4("192.0.2.1", 7, 70), ipv4("192.0.2.2", 8, 1000)],
    ["to another address of IPv6", IPV6_FLOWS, ipv6("2001:db8::1", "::1", 7, 90), ipv6("2001:db8::2", "::2", 7, 1000)],
    ["to another connection of IPv6", IPV6_FLOWS, ipv6("2001:db8::1", "::1", 7, 90), ipv6("2001::2", "::2", 8, 1000)],
  ] as const)("%s", { timeout: 120_000 }, (_, family, one, other) => {
    const packets = family === IPV4_FLOWS ? [one, other, other] : [one, other];
    const stores = tracedStores(family, packets);
    const history = historyOf(stores.flat(), family.size / 8);
    const whole = stores.map((_, packet) => history[stores.slice(0, packet + 1).flat().length] ?? []);
    const keys = new Set(whole.map((state) => String(state.slice(family.keyStart / 2))));
    expect(keys.size).toBe(2);
    expect(readAll(family, history, whole)).toEqual(keys);
  });
});

import { Random } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { OrderedBlocks } from "../../../src/live-capture/ordered-blocks.ts";
import { numbersIn, RingMemory } from "./ring-memory.ts";

const NOW = 1_795_875_432_515_942_415n;

function all(blocks: OrderedBlocks, until: bigint | undefined): number[] {
  const numbers: number[] = [];
  for (let piece = blocks.next(until); piece !== undefined; piece = blocks.next(until))
    numbers.push(...numbersIn(piece));
  return numbers;
}

describe("the blocks of several rings", () => {
  test("of one CPU come as they lie there, whatever their times", () => {
    const memory = new RingMemory(4, 4);
    const blocks = new OrderedBlocks(memory.cursors, NOW);
    for (const number of [1, 2, 3]) memory.write(2, NOW + 10n - BigInt(number), number);
    expect(all(blocks, NOW)).toEqual([1, 2, 3]);
    expect(blocks.next(NOW)).toBeUndefined();
  });

  test("of several CPUs come in the order of their times, also over the end of a 32-bit word", () => {
    const memory = new RingMemory(3, 4);
    const edge = (NOW >> 32n) << 32n;
    const blocks = new OrderedBlocks(memory.cursors, edge);
    for (const [cpu, time] of [
      [0, -3n],
      [0, 5n],
      [1, -1n],
      [1, 0n],
      [2, -2n],
      [2, 6n],
    ] as const) {
      memory.write(cpu, edge + time, Number(time) + 10);
    }
    expect(all(blocks, edge + 10n)).toEqual([7, 8, 9, 10, 15, 16]);
  });

  test("that are later than asked for wait", () => {
    const memory = new RingMemory(2, 4);
    const blocks = new OrderedBlocks(memory.cursors, NOW);
    memory.write(0, NOW + 1n, 1);
    memory.write(1, NOW + 2n, 2);
    memory.write(0, NOW + 3n, 3);
    memory.write(1, NOW + 4n, 4);
    expect(all(blocks, NOW)).toEqual([]);
    expect(all(blocks, NOW + 2n)).toEqual([1, 2]);
    // What is left then is of one CPU: nothing can be before it.
    expect(all(blocks, NOW + 3n)).toEqual([3, 4]);
    memory.write(1, NOW + 6n, 6);
    memory.write(0, NOW + 5n, 5);
    expect(all(blocks, undefined)).toEqual([5, 6]);
  });

  test("are all there, once, in order, through rings that are used again and again", () => {
    const memory = new RingMemory(3, 4);
    const blocks = new OrderedBlocks(memory.cursors, NOW);
    const random = new Random(7);
    const [written, read]: [number[], number[]] = [[], []];
    let refused = 0;
    for (let number = 0; number < 20_000; number++) {
      const time = NOW + BigInt(number);
      // Mostly one CPU for a while, and several at others.
      const cpu = random.chance(number % 1000 < 500 ? 3 : 60) ? random.below(3) : 0;
      if (memory.write(cpu, time, number)) written.push(number);
      else refused++;
      if (random.chance(2)) read.push(...all(blocks, time - BigInt(random.below(3))));
    }
    read.push(...all(blocks, undefined));
    expect(read).toEqual(written);
    expect(refused).toBeGreaterThan(0);
    expect(written.length).toBeGreaterThan(10_000);
  });

  test("a piece stays as it is until the next one is asked for", () => {
    const memory = new RingMemory(1, 2);
    const blocks = new OrderedBlocks(memory.cursors, NOW);
    let number = 0;
    while (memory.write(0, NOW, number)) number++;
    const first = blocks.next(NOW) ?? new Uint8Array();
    expect(memory.write(0, NOW, 99)).toBe(false);
    expect(numbersIn(first)[0]).toBe(0);
    blocks.next(NOW);
    expect(memory.write(0, NOW, 99)).toBe(true);
  });
});

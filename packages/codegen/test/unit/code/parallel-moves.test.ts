import { Random } from "@weir/laboratory";
import { expect, test } from "vitest";
import { inSequence, type Move } from "../../../src/code/parallel-moves.ts";

/** What registers hold after moves, when each held its own number before. */
function after(moves: readonly Move[]): Map<number, number> {
  const registers = new Map<number, number>();
  for (const move of inSequence(moves, () => 99)) {
    if (move.kind === "move") registers.set(move.to, registers.get(move.from) ?? move.from);
  }
  return registers;
}

test("a swap goes by way of a new register", () => {
  const moves = [
    { to: 1, from: 2 },
    { to: 2, from: 1 },
  ];
  expect(inSequence(moves, () => 99)).toHaveLength(3);
  expect(after(moves).get(1)).toBe(2);
  expect(after(moves).get(2)).toBe(1);
});

test("a chain needs no new register", () => {
  const moves = [
    { to: 1, from: 2 },
    { to: 2, from: 3 },
  ];
  expect(inSequence(moves, () => 99)).toEqual([
    { kind: "move", to: 1, from: 2 },
    { kind: "move", to: 2, from: 3 },
  ]);
});

test("random moves all happen at once", () => {
  const random = new Random(1);
  for (let round = 0; round < 500; round++) {
    const targets = Array.from({ length: 8 }, (_, index) => index).filter(() => random.chance(70));
    const moves = targets.map((to) => ({ to, from: random.below(8) }));
    const result = after(moves);
    for (const { to, from } of moves) expect(result.get(to) ?? to).toBe(from);
  }
});

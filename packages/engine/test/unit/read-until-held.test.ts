import { expect, test } from "vitest";
import { readUntilHeld } from "../../src/read-until-held.ts";

test("what holds is read once", () => {
  let readings = 0;
  const read = () => ++readings;
  expect(readUntilHeld(read, () => true)).toBe(1);
  expect(readings).toBe(1);
});

test("what does not hold at first is read again, and the readings before are given back", () => {
  let readings = 0;
  const discarded: number[] = [];
  const last = readUntilHeld(
    () => ++readings,
    (reading) => reading === 4,
    (reading) => discarded.push(reading),
  );
  expect([last, discarded]).toEqual([4, [1, 2, 3]]);
});

test("what never holds is told after a while, and was looked at for as long as a CPU may be away", () => {
  const start = performance.now();
  expect(
    readUntilHeld(
      () => "lost",
      () => false,
    ),
  ).toBe("lost");
  const elapsed = performance.now() - start;
  expect(elapsed).toBeGreaterThan(30);
  expect(elapsed).toBeLessThan(1000);
});

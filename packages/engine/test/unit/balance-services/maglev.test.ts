import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAGLEV_SIZE, type MaglevBackend, maglevTable, NO_BACKEND } from "../../../src/balance/services/maglev.ts";

const equal = (count: number): MaglevBackend[] =>
  Array.from({ length: count }, (_, index) => ({ key: `192.0.2.${index}`, weight: 1, available: true }));

function countsOf(table: Int32Array, backends: number): number[] {
  const counts = Array.from({ length: backends }, () => 0);
  for (const number of table) if (number !== NO_BACKEND) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}

/** The entries that others than `gone` had, and that have changed, as a part of all that others had. */
function moved(
  before: Int32Array,
  after: Int32Array,
  gone: string,
  keys: (table: "before" | "after", number: number) => string,
) {
  let others = 0;
  let changed = 0;
  for (const [place, number] of before.entries()) {
    if (keys("before", number) === gone) continue;
    others += 1;
    if (keys("before", number) !== keys("after", after[place] ?? NO_BACKEND)) changed += 1;
  }
  return changed / others;
}

describe("a Maglev table", () => {
  test("gives 400 equal backends shares that differ by at most one of 65,537 entries", () => {
    const counts = countsOf(maglevTable(equal(400)), 400);
    expect(Math.max(...counts) - Math.min(...counts)).toBe(1);
    expect(counts.reduce((a, b) => a + b)).toBe(MAGLEV_SIZE);
  });

  test("gives shares by weight, exact to one entry", () => {
    const weights = [1, 2, 3, 10, 100, 0, 7];
    const backends = weights.map((weight, index) => ({ key: `backend ${index}`, weight, available: true }));
    const counts = countsOf(maglevTable(backends), weights.length);
    for (const [index, weight] of weights.entries()) {
      expect(Math.abs((counts[index] ?? 0) - (MAGLEV_SIZE * weight) / 123)).toBeLessThan(1);
    }
  });

  test("changes no entry of the others when a backend is not available, and gives it back the same ones", () => {
    const backends = equal(400);
    const before = maglevTable(backends);
    const lacking = backends.map((backend, index) => ({ ...backend, available: index !== 123 }));
    const after = maglevTable(lacking);
    for (const [place, number] of before.entries()) {
      if (number === 123) expect(after[place]).not.toBe(123);
      else expect(after[place]).toBe(number);
    }
    const counts = countsOf(after, 400).filter((_, index) => index !== 123);
    expect(Math.max(...counts) - Math.min(...counts)).toBe(1);
    expect(maglevTable(backends)).toEqual(before);
  });

  // What the algorithm is known for; a backend that is only not available moves nothing at all.
  test.for([
    [10, 0.01],
    [100, 0.01],
    [400, 0.011],
  ] as const)("of %i backends changes hardly when one is taken out of the configuration", ([count, most]) => {
    const backends = equal(count);
    const before = maglevTable(backends);
    const parts = [0, count >> 1, count - 1].map((index) => {
      const left = backends.toSpliced(index, 1);
      const names = { before: backends, after: left };
      return moved(
        before,
        maglevTable(left),
        backends[index]?.key ?? "",
        (table, number) => names[table][number]?.key ?? "",
      );
    });
    expect(parts.reduce((a, b) => a + b) / parts.length).toBeLessThan(most);
  });

  test("is made in a moment, whatever the weights", () => {
    const backends = equal(1000).map((one, index) => ({ ...one, weight: index === 0 ? 65_535 : 1 }));
    const before = process.threadCpuUsage();
    const counts = countsOf(maglevTable(backends), 1000);
    const { user } = process.threadCpuUsage(before);
    expect(Math.abs((counts[0] ?? 0) - (MAGLEV_SIZE * 65_535) / 66_534)).toBeLessThan(1);
    // It takes 10 ms; what asks every backend in every round takes 3 seconds.
    expect(user).toBeLessThan(500_000);
  });

  test("does not depend on the order in which backends are listed", () => {
    const backends = equal(7);
    const names = maglevTable(backends).map((number) => number);
    const reversed = maglevTable(backends.toReversed()).map((number) => 6 - number);
    expect(reversed).toEqual(names);
  });

  test("has no backend where none is available", () => {
    expect(new Set(maglevTable([]))).toEqual(new Set([NO_BACKEND]));
    expect(new Set(maglevTable([{ key: "a", weight: 1, available: false }]))).toEqual(new Set([NO_BACKEND]));
    expect(new Set(maglevTable([{ key: "a", weight: 0, available: true }]))).toEqual(new Set([NO_BACKEND]));
  });

  test("is full, and fair, whatever the weights and whoever is there", () => {
    const backend = fc.record({ weight: fc.nat(50), available: fc.boolean() });
    fc.assert(
      fc.property(fc.array(backend, { minLength: 1, maxLength: 40 }), (list) => {
        const backends = list.map((one, index) => ({ ...one, key: `${index}` }));
        const counts = countsOf(maglevTable(backends, 4099), backends.length);
        const total = backends.reduce((sum, { weight, available }) => sum + (available ? weight : 0), 0);
        for (const [index, { weight, available }] of backends.entries()) {
          const share = total === 0 || !available ? 0 : (4099 * weight) / total;
          expect(Math.abs((counts[index] ?? 0) - share)).toBeLessThan(2);
        }
        expect(counts.reduce((a, b) => a + b)).toBe(total === 0 ? 0 : 4099);
      }),
    );
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { ExactSum } from "../../../src/flow-table/exact-sum.ts";

const half = fc.oneof(fc.nat(3), fc.constant(2 ** 32 - 1), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test("is the sum, whenever it is asked for", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 50 }), (halves) => {
      const sum = new ExactSum();
      let expected = 0n;
      for (const [high, low] of halves) {
        sum.add(high, low);
        expected += (BigInt(high) << 32n) + BigInt(low);
        expect(sum.value).toBe(expected);
      }
    }),
  );
});

test("stays exact beyond what a double holds", () => {
  const sum = new ExactSum();
  const count = 3 * 2 ** 20 + 1;
  for (let each = 0; each < count; each++) sum.add(2 ** 32 - 1, 2 ** 32 - 1);
  expect(sum.value).toBe(BigInt(count) * (2n ** 64n - 1n));
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { bigintOf } from "../../../src/flow-table/bigint-cache.ts";

const half = fc.oneof(fc.nat(3), fc.constant(2 ** 12), fc.constant(2 ** 24), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test("gives the number of two halves, whatever was asked before", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { minLength: 1, maxLength: 50 }), (halves) => {
      for (const [high, low] of halves) expect(bigintOf(high, low)).toBe((BigInt(high) << 32n) + BigInt(low));
    }),
  );
});

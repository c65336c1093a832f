import fc from "fast-check";
import { expect, test } from "vitest";
import { Greatest } from "../../../src/flow-table/greatest.ts";

const weights = fc.array(fc.oneof(fc.nat(3), fc.double({ min: 0, max: 2 ** 60, noNaN: true })), { maxLength: 400 });

test("has what sorting by weight has first, of equal ones those that came first", () => {
  fc.assert(
    fc.property(weights, fc.oneof(fc.nat(30), fc.constant(Number.POSITIVE_INFINITY)), (values, limit) => {
      const greatest = new Greatest(limit, values.length);
      for (const [number, weight] of values.entries()) if (weight > greatest.least) greatest.add(weight, number);
      const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
      expect(greatest.numbers()).toEqual(order.slice(0, limit));
    }),
  );
});

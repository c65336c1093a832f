import fc from "fast-check";
import { expect, test } from "vitest";
import { descending } from "../../../src/flow-table/descending.ts";

const weights = fc.array(fc.oneof(fc.nat(3), fc.double({ min: 0, max: 2 ** 60, noNaN: true })), { maxLength: 60 });

test("gives the order that sorting by weight gives, equal ones as they come, up to the limit", () => {
  fc.assert(
    fc.property(weights, fc.oneof(fc.nat(70), fc.constant(Number.POSITIVE_INFINITY)), (values, limit) => {
      const order = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
      expect([...descending(Float64Array.from(values), limit)]).toEqual(order.slice(0, limit));
    }),
  );
});

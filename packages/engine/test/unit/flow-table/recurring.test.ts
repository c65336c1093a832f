import fc from "fast-check";
import { expect, test } from "vitest";
import { recurring } from "../../../src/flow-table/recurring.ts";

const hash = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

test("finds all rows whose hash is there twice, in ascending order", () => {
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 300 }), fc.nat(9), (hashes, beyond) => {
      const rows = [...recurring(Uint32Array.from([...hashes, ...hashes.slice(0, beyond)]), hashes.length)];
      const twice = [...hashes.keys()].filter(
        (row) => hashes.indexOf(hashes[row] ?? 0) !== hashes.lastIndexOf(hashes[row] ?? 0),
      );
      expect(rows.filter((row) => twice.includes(row))).toEqual(twice);
      expect(rows).toEqual(rows.toSorted((a, b) => a - b));
      expect(rows.every((row) => row < hashes.length)).toBe(true);
    }),
  );
});

test("finds few others", () => {
  const count = 50_000;
  const hashes = Uint32Array.from({ length: count }, (_, row) => Math.imul(row, 0x9e37_79b1) ^ (row << 7));
  expect(new Set(hashes).size).toBe(count);
  expect(recurring(hashes, count).length).toBeLessThan(count / 4);
});

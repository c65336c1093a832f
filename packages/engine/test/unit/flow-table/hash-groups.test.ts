import fc from "fast-check";
import { expect, test } from "vitest";
import { HashGroups } from "../../../src/flow-table/hash-groups.ts";

const hash = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  // In one part, and with the same last bits.
  fc.integer({ min: 0, max: 9 }).map((number) => number << 16),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
);

test("finds the first of the rows with each hash, whatever was asked before", () => {
  const groups = new HashGroups();
  fc.assert(
    fc.property(fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 300 }), (all) => {
      const hashes = Uint32Array.from(all, ([each]) => each);
      const rows = Uint32Array.from([...all.keys()].filter((row) => all[row]?.[1]));
      const expected = [...rows].map((row) => rows.find((first) => hashes[first] === hashes[row]));
      expect([...groups.firsts(rows, hashes)]).toEqual(expected);
    }),
  );
});

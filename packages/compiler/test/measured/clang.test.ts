import { requireRoot, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";
import { geometricMean, measure } from "../../bench/measurement.ts";
import { pairs } from "../../bench/suite.ts";

/** A part of the suite, shortly: `npm run bench:compiler` has all of it. What the machine adds is let pass. */
const EFFORT = { loads: 5, rounds: 3 };
const SOME = [
  "arithmetic",
  "checksum",
  "hash-",
  "many-headers",
  "packet-",
  "run-of",
  "struct",
  "pick",
  "reflect",
  "tunnel",
];
const MEAN = 1.03;
const WORST = 1.2;

test.skipIf(requireRoot() ?? requireTool("clang"))("programs are as fast as clang makes them", () => {
  const ratios = pairs(SOME).map((pair) => [pair.name, measure(pair, EFFORT).ratio] as const);
  expect(ratios.length).toBeGreaterThan(15);
  expect(geometricMean(ratios.map(([, ratio]) => ratio))).toBeLessThanOrEqual(MEAN);
  expect(ratios.filter(([, ratio]) => ratio > WORST)).toEqual([]);
});

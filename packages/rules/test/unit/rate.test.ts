import { expect, test } from "vitest";
import { Bucket, costOf, type Limit, limitCost, parseRules } from "../../src/index.ts";

function limit(text: string): Limit {
  const { rules } = parseRules(`rules: [ { name: a, match: tcp, action: { limit: { ${text} } } } ]`, "rules.yaml");
  const action = rules.rules[0]?.action;
  if (action?.kind !== "limit") throw new Error("this is no limit");
  return action;
}

const RATES: readonly (readonly [
  text: string,
  unit: "packets" | "bits",
  amount: number,
  seconds: number,
  burst: number,
])[] = [
  ["rate: 1000/s", "packets", 1000, 1, 100],
  ["rate: 5k/s", "packets", 5000, 1, 500],
  ["rate: 1.5M/s", "packets", 1_500_000, 1, 150_000],
  ["rate: 20 packets/min", "packets", 20, 60, 5],
  ["rate: 1 packet/h", "packets", 1, 3600, 5],
  ["rate: 10Mbit/s", "bits", 10_000_000, 1, 1_000_000],
  ["rate: 1kbit/s", "bits", 1000, 1, 524_288],
  ["rate: 2.5Mbyte/s", "bits", 20_000_000, 1, 2_000_000],
  ["rate: 1000/s, burst: 7", "packets", 1000, 1, 7],
  ["rate: 1000/s, burst: 2k", "packets", 1000, 1, 2000],
  ["rate: 1Mbit/s, burst: 64kbyte", "bits", 1_000_000, 1, 512_000],
];

test.each(RATES)("%s", (text, unit, amount, seconds, burst) => {
  expect(limit(text)).toEqual({ kind: "limit", rate: { unit, amount, seconds }, burst, per: { kind: "rule" } });
});

const KEYS: readonly (readonly [text: string, key: Limit["per"]])[] = [
  ["rule", { kind: "rule" }],
  ["flow", { kind: "flow" }],
  ["source", { kind: "source", ipv4: 32, ipv6: 128 }],
  ["source/24", { kind: "source", ipv4: 24, ipv6: 128 }],
  ["source/64", { kind: "source", ipv4: 32, ipv6: 64 }],
  ["source/24/32", { kind: "source", ipv4: 24, ipv6: 32 }],
];

test.each(KEYS)("per: %s", (text, key) => {
  expect(limit(`rate: 1/s, per: ${text}`).per).toEqual(key);
});

test("costs are exact where nanoseconds are, and rounded to the nearest elsewhere", () => {
  const costs = (text: string, bytes: number): bigint => costOf(limitCost(limit(text)), bytes);
  expect(costs("rate: 1M/s", 60)).toBe(1000n);
  expect(costs("rate: 1 packet/h", 60)).toBe(3_600_000_000_000n);
  expect(costs("rate: 3M/s", 60)).toBe(333n);
  expect(costs("rate: 1.5M/s", 60)).toBe(667n);
  expect(costs("rate: 1Gbit/s", 125)).toBe(1000n);
  expect(costs("rate: 1000Gbit/s", 1500)).toBe(12n);
  expect(limitCost(limit("rate: 10Mbit/s, burst: 1Mbit")).burst).toBe(100_000_000n);
  expect(limitCost(limit("rate: 1000/s, burst: 10")).burst).toBe(10_000_000n);
});

test.each([
  ["rate: 1000/s, burst: 10", 60, 400n, 10_000 + 10],
  ["rate: 1M/s, burst: 100", 60, 500n, 5_000 + 100],
  ["rate: 1Mbit/s, burst: 100kbit", 125, 100_000n, 10_000 + 100],
] as const)("%s: a flood is let through at its rate, after a burst", (text, bytes, gap, expected) => {
  const cost = limitCost(limit(text));
  const bucket = new Bucket();
  // For so long that at the rate there are as many as expected, without the burst.
  const rateOnly = BigInt(expected - (expected % 1000)) * costOf(cost, bytes);
  let taken = 0;
  for (let now = 5_000_000_000n; now < 5_000_000_000n + rateOnly; now += gap) {
    taken += Number(bucket.takes(costOf(cost, bytes), cost.burst, now));
  }
  expect(Math.abs(taken - expected)).toBeLessThanOrEqual(1);
});

test("what was not used does not add up beyond the burst", () => {
  const cost = limitCost(limit("rate: 10/s, burst: 3"));
  const bucket = new Bucket();
  const at = (seconds: number): boolean[] =>
    Array.from({ length: 5 }, () => bucket.takes(costOf(cost, 60), cost.burst, BigInt(seconds * 1e9)));
  expect(at(1)).toEqual([true, true, true, false, false]);
  expect(at(1.1)).toEqual([true, false, false, false, false]);
  expect(at(1000)).toEqual([true, true, true, false, false]);
});

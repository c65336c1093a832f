import { describe, expect, test } from "vitest";
import {
  durationText,
  hasTimes,
  isWithin,
  momentText,
  parseDuration,
  parseRules,
  type Rule,
  RulesError,
  windowOf,
} from "../../src/index.ts";

const APPLIED = 1_000_000_000_000n;
const MOMENT = Date.UTC(2027, 0, 31, 18);
const IN_NANOSECONDS = BigInt(MOMENT) * 1_000_000n;

function ruleWith(times: object): Rule {
  const text = JSON.stringify({ rules: [{ name: "a", match: "udp", action: "drop", ...times }] });
  const [rule] = parseRules(text, "rules.json").rules.rules;
  if (rule === undefined) throw new Error("there is one rule");
  return rule;
}

describe("the window of a rule", () => {
  test("is all times where it says none", () => {
    const rule = ruleWith({});
    expect(hasTimes(rule)).toBe(false);
    expect(windowOf(rule, APPLIED)).toEqual({ from: undefined, until: undefined });
    expect(isWithin(windowOf(rule, APPLIED), 0n)).toBe(true);
  });

  test.each([
    [{ from: "2027-01-31T18:00:00Z" }, { from: IN_NANOSECONDS, until: undefined }],
    [{ until: "2027-01-31T19:00:00+01:00" }, { from: undefined, until: IN_NANOSECONDS }],
    [{ expires: "2027-01-31T18:00:00.001Z" }, { from: undefined, until: IN_NANOSECONDS + 1_000_000n }],
    [{ ttl: "1m30s" }, { from: undefined, until: APPLIED + 90_000_000_000n }],
    // Whatever comes first ends it.
    [
      { ttl: "1h", until: "2027-01-31T18:00:00Z" },
      { from: undefined, until: APPLIED + 3_600_000_000_000n },
    ],
    [
      { until: "2027-02-01T18:00:00Z", expires: "2027-01-31T18:00:00Z" },
      { from: undefined, until: IN_NANOSECONDS },
    ],
  ])("follows from %j", (times, window) => {
    const rule = ruleWith(times);
    expect(hasTimes(rule)).toBe(true);
    expect(windowOf(rule, APPLIED)).toEqual(window);
  });

  test("has its first moment, and its end not", () => {
    const window = { from: 10n, until: 20n };
    expect([9n, 10n, 19n, 20n].map((time) => isWithin(window, time))).toEqual([false, true, true, false]);
  });
});

test.each([1, 59, 60, 90, 3600, 5400, 86_400, 694_861, 100 * 365 * 86_400])(
  "%i seconds are written and read",
  (seconds) => {
    expect(parseDuration(durationText(seconds))).toBe(seconds);
  },
);

test("lengths of time are written in few words", () => {
  expect([90, 3600, 604_800].map(durationText)).toEqual(["1m30s", "1h", "7d"]);
});

test.each(["2027-01-31T18:00:00Z", "2027-01-31T18:00:00.250Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
  "%s is written as it was read",
  (text) => {
    expect(momentText(ruleWith({ from: text }).from ?? 0)).toBe(text);
  },
);

test.each(["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"])(
  "%s is refused: UTC has no year of four digits for it",
  (text) => {
    expect(() => ruleWith({ from: text })).toThrow(RulesError);
  },
);

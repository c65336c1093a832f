/** When rules hold, from a file to the clock of the kernel program. */
import { parseRules, type RuleSet } from "@weir/rules";
import { describe, expect, test } from "vitest";
import { numberRules } from "../../src/rules/number-rules.ts";
import type { AppliedRules } from "../../src/rules/pinned-rules.ts";
import { kernelWindows } from "../../src/rules/rule-windows.ts";

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;
/** An hour after the machine started, which was at this moment of 2027. */
const START = Date.UTC(2027, 0, 31, 18);
const CLOCKS = { now: HOUR, offset: BigInt(START) * 1_000_000n };
const NEVER = 2n ** 64n - 1n;

function ruleSet(...rules: readonly object[]): RuleSet {
  const entries = rules.map((rule, index) => ({ name: `r${index}`, match: "udp", action: "drop", ...rule }));
  return parseRules(JSON.stringify({ rules: entries }), "rules.json").rules;
}

/** Rules that were applied so long after the first hour. */
function applied(rules: RuleSet, before?: AppliedRules, later = 0n): AppliedRules {
  return numberRules(rules, before, { ...CLOCKS, now: CLOCKS.now + later }).applied;
}

/** The windows that the kernel program has. */
function windows(rules: AppliedRules): readonly (readonly [bigint, bigint] | undefined)[] {
  const byIndex = new Map(kernelWindows(rules));
  return rules.document.rules.map((_, index) => {
    const window = byIndex.get(index);
    return window && [window.from, window.until];
  });
}

describe("moments become those of the kernel's clock", () => {
  test.each([
    [{ from: "2027-01-31T20:00:00Z" }, [2n * HOUR, NEVER]],
    [{ until: "2027-01-31T20:00:00Z" }, [0n, 2n * HOUR]],
    [{ from: "2027-01-31T21:00:00+01:00", expires: "2027-01-31T20:00:00.001Z" }, [2n * HOUR, 2n * HOUR + 1_000_000n]],
    [{ ttl: "1h" }, [0n, 2n * HOUR]],
    // Before the machine started: one holds now, the other never does.
    [{ from: "1999-01-01T00:00:00Z" }, [0n, NEVER]],
    [{ until: "1999-01-01T00:00:00Z" }, [0n, 0n]],
    // As far as the clock goes, and farther.
    [{ ttl: "36500d" }, [0n, HOUR + 36_500n * 24n * HOUR]],
    [{ from: "9998-01-01T00:00:00Z", until: "9999-01-01T00:00:00Z" }, [NEVER, NEVER]],
  ])("%j", (times, window) => {
    expect(windows(applied(ruleSet(times)))).toEqual([window]);
  });

  test("and rules without times have none", () => {
    expect(applied(ruleSet({}, { action: "count" })).windows).toBeUndefined();
    expect(windows(applied(ruleSet({}, { ttl: "1s" })))).toEqual([undefined, [0n, HOUR + SECOND]]);
  });
});

describe("a ttl", () => {
  const first = applied(ruleSet({ ttl: "1h" }, { match: "tcp" }));
  const [ofFirst] = windows(first);
  const fromNow = [0n, 2n * HOUR + 60n * SECOND];
  const again = (...rules: readonly object[]) => windows(applied(ruleSet(...rules), first, 60n * SECOND));

  test("goes on where the rule is applied again, whatever is beside it", () => {
    expect(again({ ttl: "1h" })).toEqual([ofFirst]);
    expect(again({ ttl: "60m" }, { match: "icmp", ttl: "1h" })).toEqual([ofFirst, fromNow]);
    const second = applied(ruleSet({ ttl: "1h" }), first, 60n * SECOND);
    expect(windows(applied(ruleSet({ ttl: "1h" }), second, 10n * HOUR))).toEqual([ofFirst]);
  });

  test.each([{ match: "tcp" }, { action: "pass" }, { ttl: "2h" }, { name: "other" }])(
    "begins anew with %j",
    (change) => {
      const [window] = again({ ttl: "1h", ...change });
      expect(window).toEqual("ttl" in change ? [0n, 3n * HOUR + 60n * SECOND] : fromNow);
    },
  );

  test("begins anew where the rule was gone in between", () => {
    const without = applied(ruleSet({}), first, 30n * SECOND);
    expect(windows(applied(ruleSet({ ttl: "1h" }), without, 60n * SECOND))).toEqual([fromNow]);
  });

  test("is of the rule's own name, also of one that objects have", () => {
    const odd = ["constructor", "__proto__"].map((name) => ({ name, ttl: "1h" }));
    const before = applied(ruleSet(...odd.map(({ name }) => ({ name }))));
    const after = applied(ruleSet(...odd), before, 60n * SECOND);
    expect(windows(after)).toEqual([fromNow, fromNow]);
    expect(windows(applied(ruleSet(...odd), after, 120n * SECOND))).toEqual([fromNow, fromNow]);
  });
});

test("a document has the times in the words of a file, and they are read as the same", () => {
  const times = { ttl: "90m", from: "2027-01-31T19:00:00+01:00", until: "2027-02-01T06:00:00.5Z" };
  const { document } = applied(ruleSet(times, { expires: "2027-02-01T06:00:00Z" }));
  expect(document.rules).toMatchObject([
    { ttl: "1h30m", from: "2027-01-31T18:00:00Z", until: "2027-02-01T06:00:00.500Z" },
    { expires: "2027-02-01T06:00:00Z" },
  ]);
  const again = parseRules(JSON.stringify(document), "rules.json").rules;
  expect(applied(again).document).toEqual(document);
});

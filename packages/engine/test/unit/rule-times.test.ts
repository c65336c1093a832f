/** Rules with times in the filter's program, run in the machine, whose clock can be set, against the trial of rules in user space. */
import { functionCodes } from "@weir/bytecode";
import { Random } from "@weir/laboratory";
import { loadSets, parseRules, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { newTableForm } from "../../src/monitor/table-form.ts";
import { numberRules } from "../../src/rules/number-rules.ts";
import { RULE_WINDOWS } from "../../src/rules/rule-windows.ts";
import { NOTHING_CLEARED, RulesStage } from "../../src/rules/rules-stage.ts";
import { RulesMachine } from "./rules-machine.ts";

const [DROP, PASS] = [1, 2];
const PER_MILLISECOND = 1_000_000n;
/** The machine's clock goes by milliseconds too. No real one is there yet, so no rule has ended when it is compiled. */
const CLOCKS = { now: 10n ** 18n, offset: 8n * 10n ** 17n };
const START = Number((CLOCKS.now + CLOCKS.offset) / PER_MILLISECOND);

function ruleSet(rules: readonly object[]): RuleSet {
  return parseRules(JSON.stringify({ rules }), "rules.json").rules;
}

const moment = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

/** A window within some five seconds, which may lie before or behind them; or none. */
function randomTimes(random: Random): object {
  const from = random.below(6000) - 1000;
  const until = moment(from + 1 + random.below(2000));
  return random.pick<object>([
    {},
    { from: moment(from) },
    { until },
    { from: moment(from), until },
    { from: moment(from), expires: until },
    { ttl: `${1 + random.below(4)}s` },
    { ttl: `${1 + random.below(4)}s`, until },
  ]);
}

test.each([1, 2, 3, 4, 5, 6])("rules with times decide as the trial does, at the same times (%i)", (seed) => {
  const random = new Random(20_261_130 + seed);
  const matches = ["", "udp", "tcp", "src host 192.0.2.1", "dst port 53", "not udp", "ip6"] as const;
  const limit = { rate: "100/s", burst: 2 };
  const rules = ruleSet(
    // More than there is room for in one word of marks.
    Array.from({ length: 40 }, (_, index) => ({
      name: `rule${index}`,
      match: random.pick(matches),
      action: random.pick<object | string>(["pass", "drop", "count", "count", { limit }]),
      ...randomTimes(random),
    })),
  );
  const machine = new RulesMachine(rules, { clocks: CLOCKS });
  const trial = new RuleTrial(rules, new SetContents(loadSets(rules)));
  const frames = [
    ethernet().ipv4({ source: "192.0.2.1" }).udp({ destinationPort: 53 }),
    ethernet().ipv4({ source: "192.0.2.2" }).tcp({ destinationPort: 53 }),
    ethernet().ipv6().tcp(),
    ethernet().ipv4({ source: "192.0.2.3" }).icmp(),
  ].map((frame) => frame.paddedTo(60));
  let now = CLOCKS.now;
  const decided = new Set<string>();
  for (let index = 0; index < 2000; index++) {
    const bytes = frames[random.below(frames.length)] ?? new Uint8Array(60);
    const { verdict, rule } = trial.decide({ bytes, length: bytes.length, time: now + CLOCKS.offset });
    expect([index, rule, machine.run(bytes, now)]).toEqual([index, rule, verdict === "drop" ? DROP : PASS]);
    decided.add(`${bytes.length} ${verdict} ${rule}`);
    now += BigInt(random.below(6)) * PER_MILLISECOND;
  }
  expect(decided.size).toBeGreaterThan(2);
  for (const { name, packets, bytes, over } of trial.result.rules) {
    expect([name, machine.counts(name)]).toMatchObject([
      name,
      { packets: BigInt(packets), bytes: BigInt(bytes), over: BigInt(over?.packets ?? 0) },
    ]);
  }
});

describe("the program", () => {
  const NOTHING = { maps: new Map(), contents: new Map(), cleared: NOTHING_CLEARED };
  const made = (rules: readonly object[]) => {
    const { applied } = numberRules(ruleSet(rules), undefined);
    const object = new RulesStage(applied, NOTHING).object(newTableForm(16));
    const program = object.programs.get("xdp_packet_monitor");
    if (program === undefined) throw new Error("the object lacks its program");
    return {
      hasMap: object.maps.has(RULE_WINDOWS),
      functions: functionCodes(program, object.btf).map(({ name }) => name),
      instructions: program.instructions,
    };
  };
  const [drop, count] = [
    { name: "drop", match: "udp and dst port 53", action: "drop" },
    { name: "count", match: "tcp", action: "count" },
  ];

  test("has no part for times where no rule has any", () => {
    const without = made([drop, count]);
    expect(without.hasMap).toBe(false);
    expect(without.functions).not.toContain("act_on_timed_rule");
    const timed = made([drop, { ...count, ttl: "1h" }]);
    expect(timed.hasMap).toBe(true);
    expect(timed.functions).toContain("act_on_timed_rule");
  });

  test("asks no rule that had ended when it was made", () => {
    const ended = made([{ ...drop, until: "2001-01-01T00:00:00Z" }, count]);
    expect(ended.functions).not.toContain("act_on_timed_rule");
    const never = made([{ ...drop, match: "udp and tcp" }, count]);
    expect(ended.instructions.length).toBe(never.instructions.length);
  });
});

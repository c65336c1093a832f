import { ArrayMap } from "@weir/kernel";
import { Random } from "@weir/laboratory";
import { NO_RULE, RULE_COUNT, RULE_DROP, RULE_PASS, RuleCounts, XdpConnStats } from "@weir/programs";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { CPUS, FLOWS, loadFilter, SLOTS } from "../fixtures/loaded-filter.ts";
import { type RandomRule, randomRules } from "../fixtures/random-rules.ts";

const FRAMES = 400;
/** The kernel takes no shorter frame. */
const SHORTEST = 14;
const [PASS, DROP] = [2, 1];

interface Expected {
  readonly packets: number[];
  readonly bytes: number[];
  verdicts: number[];
}

/** What the rules do, asked one after the other: those that do not decide count. */
function expectedOf(rules: readonly RandomRule[], actions: readonly number[], frames: readonly Uint8Array[]): Expected {
  const expected: Expected = { packets: Array(SLOTS).fill(0), bytes: Array(SLOTS).fill(0), verdicts: [] };
  const count = (slot: number, frame: Uint8Array): void => {
    expected.packets[slot] = (expected.packets[slot] ?? 0) + 1;
    expected.bytes[slot] = (expected.bytes[slot] ?? 0) + frame.length;
  };
  for (const frame of frames) {
    let decided = NO_RULE;
    for (const [index, { filter, decides }] of rules.entries()) {
      if (!filter.matches(frame)) continue;
      count(index + 1, frame);
      if (!decides) continue;
      decided = index;
      break;
    }
    if (decided === NO_RULE) count(0, frame);
    expected.verdicts.push(actions[decided] === RULE_DROP ? DROP : PASS);
  }
  return expected;
}

test.each([1, 2, 3])("rules in the monitor decide, and count what they match (%i)", (number) => {
  const random = new Random(20_261_200 + number);
  let rules = randomRules(random, "through", { chains: true });
  while (rules.length < 8) rules = randomRules(random, "through", { chains: true });
  const actions = rules.map(({ decides }) => (decides ? random.pick([RULE_PASS, RULE_DROP]) : RULE_COUNT));
  const matched = rules.map(({ filter, decides }) => ({ meaning: filter.meaning, decides }));
  const { object, program } = loadFilter(matched, actions, "through");
  using _ = object;
  const frames = Array.from({ length: FRAMES }, () => randomFrame(random).bytes).filter(
    ({ length }) => length >= SHORTEST,
  );
  const verdicts = frames.map((data) => program.testRun({ data }).verdict);
  using counts = ArrayMap.of(object.map("RULE_COUNTS"), { value: RuleCounts });
  const [packets, bytes] = [Array<number>(SLOTS).fill(0), Array<number>(SLOTS).fill(0)];
  for (let index = 0; index < (CPUS + 1) * SLOTS; index++) {
    const row = counts.at(index);
    packets[index % SLOTS] = (packets[index % SLOTS] ?? 0) + Number(row.packets);
    bytes[index % SLOTS] = (bytes[index % SLOTS] ?? 0) + Number(row.bytes);
  }
  expect({ packets, bytes, verdicts }).toEqual(expectedOf(rules, actions, frames));
  using flows = ArrayMap.of(object.map("XDP_CONN_STATS"), { value: XdpConnStats });
  let dropped = 0n;
  for (let slot = 0; slot < CPUS * FLOWS; slot++) dropped += flows.at(slot).drop_count;
  // Those of frames that belong to a connection of IPv4.
  const all = BigInt(verdicts.filter((verdict) => verdict === DROP).length);
  expect(dropped).toBeGreaterThan(0n);
  expect(dropped).toBeLessThan(all);
});

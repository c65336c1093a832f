/** Limits in the filter's program, run in the machine, whose clock can be set, against the trial of rules in user space. */
import { withConfig, withMapSizes } from "@weir/bytecode";
import { decode, encode, type Layout } from "@weir/bytecode/layout";
import { Machine } from "@weir/bytecode/machine";
import { Random } from "@weir/laboratory";
import { LimitNumbers, RULE_COUNT, RULE_DROP, RULE_LIMIT, RULE_PASS, RuleAction, RuleCounts } from "@weir/programs";
import { loadSets, parseRules, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { newTableForm } from "../../src/monitor/table-form.ts";
import { limitNumbers } from "../../src/rules/limits-stage.ts";
import { numberRules } from "../../src/rules/number-rules.ts";
import { NOTHING_CLEARED, RulesStage } from "../../src/rules/rules-stage.ts";

const PROGRAM = "xdp_packet_monitor";
const [DROP, PASS] = [1, 2];
/** The kernel takes no shorter frame. */
const SHORTEST = 14;
const NOTHING = { maps: new Map(), contents: new Map(), cleared: NOTHING_CLEARED };
const ACTIONS = { pass: RULE_PASS, drop: RULE_DROP, count: RULE_COUNT } as const;

function ruleSet(rules: readonly object[]): RuleSet {
  return parseRules(JSON.stringify({ rules }), "rules.json").rules;
}

/** The rules of a set, in the machine. */
class LimitedMachine {
  readonly machine: Machine;
  readonly #rules: RuleSet;
  readonly #slots: Readonly<Record<string, number>>;

  /** @param buckets of the table; as many as are wanted when left out */
  constructor(rules: RuleSet, buckets?: number) {
    const { applied } = numberRules(rules, undefined);
    const form = { ...newTableForm(16), sections: 1, slots: 32 };
    const table = { XDP_CONN_STATS: 32, XDP_CONN6_STATS: 32 };
    const object = withConfig(withMapSizes(new RulesStage(applied, NOTHING).object(form), table), {
      sections: 1,
      slots: 32,
    });
    const small = buckets && withConfig(withMapSizes(object, { RULE_LIMITS: buckets }), { limit_buckets: buckets });
    this.machine = new Machine(small || object);
    this.#rules = rules;
    this.#slots = applied.slots;
    for (const [index, { name, action }] of applied.document.rules.entries()) {
      const number = typeof action === "string" ? ACTIONS[action] : RULE_LIMIT + index;
      this.#set("RULES", index, RuleAction, { slot: applied.slots[name] ?? 0, action: number });
    }
    for (const [index, numbers] of limitNumbers(applied)) this.#set("LIMITS", index, LimitNumbers, numbers);
  }

  #set<L extends Layout>(map: string, index: number, layout: L, value: Parameters<typeof encode<L>>[1]): void {
    const [key, bytes] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(layout.size))];
    key.setUint32(0, index, true);
    encode(layout, value, bytes);
    this.machine.map(map).set(new Uint8Array(key.buffer), new Uint8Array(bytes.buffer));
  }

  run(packet: Uint8Array, time: bigint): number {
    this.machine.clock.now = time;
    return Number(this.machine.run({ program: PROGRAM, packet }).result);
  }

  /** What was counted for a rule, in both sections. */
  counts(name: string): { packets: bigint; over: bigint; bytes: bigint; overBytes: bigint; untracked: bigint } {
    const sum = { packets: 0n, over: 0n, bytes: 0n, overBytes: 0n, untracked: 0n };
    const { maxEntries } = this.machine.map("RULE_COUNTS").spec;
    const slot = this.#slots[name] ?? 0;
    for (let index = slot; index < maxEntries; index += maxEntries / 2) {
      const key = new DataView(new ArrayBuffer(4));
      key.setUint32(0, index, true);
      const value = this.machine.map("RULE_COUNTS").get(new Uint8Array(key.buffer));
      if (value === undefined) throw new Error("an array has all its elements");
      const one = decode(RuleCounts, new DataView(value.buffer, value.byteOffset, value.byteLength));
      sum.packets += one.packets;
      sum.bytes += one.bytes;
      sum.over += one.over_packets;
      sum.overBytes += one.over_bytes;
      sum.untracked += one.untracked;
    }
    return sum;
  }

  get names(): readonly string[] {
    return this.#rules.rules.map(({ name }) => name);
  }
}

const LIMITS: readonly [object, ...object[]] = [
  { rate: "1000/s", burst: 3 },
  { rate: "200/s", burst: 2, per: "source" },
  { rate: "100/s", burst: 2, per: "source/9/35" },
  { rate: "300/s", burst: 1, per: "flow" },
  { rate: "800kbit/s", burst: "3kbyte", per: "source/24/64" },
  { rate: "777kbit/s", burst: "2kbyte" },
  { rate: "1/h", burst: 4, per: "flow" },
  { rate: "0.001/h", burst: 100, per: "source/40" },
];

/** Frames, of which each comes several times. */
function frames(random: Random): readonly Uint8Array[] {
  const addresses = ["192.0.2.1", "192.0.2.2", "192.0.3.1", "10.0.0.1"] as const;
  const addresses6 = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "2001:db8:8000::1"] as const;
  const packet = () => {
    const tagged = Array.from({ length: random.below(4) === 0 ? random.below(10) : 0 }).reduce(
      (one: ReturnType<typeof ethernet>) => one.vlan(random.below(4096)),
      ethernet(),
    );
    const [source, destination] = [random.pick(addresses), random.pick(addresses)];
    const ip =
      random.below(2) === 0
        ? tagged.ipv4({ source, destination, ...(random.below(3) === 0 && { fragmentOffset: random.below(2) * 8 }) })
        : tagged.ipv6({ source: random.pick(addresses6), destination: random.pick(addresses6) });
    const ports = { sourcePort: 1 + random.below(2), destinationPort: 1 + random.below(2) };
    const whole = (random.below(2) === 0 ? ip.tcp(ports) : ip.udp(ports)).paddedTo(60 + random.below(900));
    return random.below(8) === 0 ? whole.slice(0, SHORTEST + random.below(60)) : whole;
  };
  const crafted = Array.from({ length: 120 }, packet);
  const others = Array.from({ length: 60 }, () => randomFrame(random).bytes);
  return [...crafted, ...others].filter(({ length }) => length >= SHORTEST);
}

test.each([1, 2, 3, 4])("limits drop the frames that the trial drops, at the same times (%i)", (seed) => {
  const random = new Random(20_261_129 + seed);
  const matches = ["", "", "ip or ip6", "udp", "not tcp", "len > 200"] as const;
  const rules = ruleSet(
    Array.from({ length: 6 }, (_, index) => ({
      name: `rule${index}`,
      match: random.pick(matches),
      action: random.below(5) === 0 ? random.pick(["count", "count", "drop"]) : { limit: random.pick(LIMITS) },
    })),
  );
  const limited = new LimitedMachine(rules);
  const trial = new RuleTrial(rules, new SetContents(loadSets(rules)));
  const pool = frames(random);
  let time = 1_000_000_000_000n;
  let dropped = 0;
  for (let index = 0; index < 4000; index++) {
    const bytes = pool[random.below(pool.length)] ?? new Uint8Array(60);
    time += BigInt(random.below(random.below(20) === 0 ? 20_000_000 : 100_000));
    const { verdict, rule } = trial.decide({ bytes, length: bytes.length, time });
    const expected = verdict === "drop" ? DROP : PASS;
    expect([index, rule, limited.run(bytes, time)]).toEqual([index, rule, expected]);
    if (verdict === "drop") dropped += 1;
  }
  expect(dropped).toBeGreaterThan(100);
  for (const { name, packets, bytes, over } of trial.result.rules) {
    const counted = limited.counts(name);
    expect(counted).toEqual({
      packets: BigInt(packets),
      bytes: BigInt(bytes),
      over: BigInt(over?.packets ?? 0),
      overBytes: BigInt(over?.bytes ?? 0),
      untracked: 0n,
    });
  }
});

test("frames whose source finds no room pass, and are counted", () => {
  const limited = new LimitedMachine(
    ruleSet([{ name: "few", match: "udp", action: { limit: { rate: "1/h", burst: 1, per: "source" } } }]),
    1,
  );
  const from = (host: number) =>
    ethernet()
      .ipv4({ source: `192.0.2.${host}` })
      .udp()
      .paddedTo(60);
  const verdicts = [1, 2, 3, 4, 5, 5, 1, 2].map((host) => limited.run(from(host), 5_000_000_000n));
  expect(verdicts).toEqual([PASS, PASS, PASS, PASS, PASS, PASS, DROP, DROP]);
  expect(limited.counts("few")).toMatchObject({ packets: 8n, over: 2n, untracked: 2n });
  // An hour later all that is remembered is of no use any more.
  const later = 5_000_000_000n + 3_600_000_000_000n;
  expect([5, 6, 5, 6].map((host) => limited.run(from(host), later))).toEqual([PASS, PASS, DROP, DROP]);
  expect(limited.counts("few")).toMatchObject({ packets: 12n, over: 4n, untracked: 2n });
});

/** Limits in the filter's program, run in the machine, whose clock can be set, against the trial of rules in user space. */
import { Random } from "@weir/laboratory";
import { loadSets, parseRules, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { randomFrame } from "../../../pcap-filter/test/fixtures/random-frame.ts";
import { RulesMachine } from "./rules-machine.ts";

const [DROP, PASS] = [1, 2];
/** The kernel takes no shorter frame. */
const SHORTEST = 14;

function ruleSet(rules: readonly object[]): RuleSet {
  return parseRules(JSON.stringify({ rules }), "rules.json").rules;
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
      action: random.below(5) === 0 ? random.pick(["count", "sample", "drop"]) : { limit: random.pick(LIMITS) },
    })),
  );
  const limited = new RulesMachine(rules);
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
  const limited = new RulesMachine(
    ruleSet([{ name: "few", match: "udp", action: { limit: { rate: "1/h", burst: 1, per: "source" } } }]),
    { buckets: 1 },
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

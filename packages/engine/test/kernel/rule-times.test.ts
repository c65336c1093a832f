/** Rules with times on an interface: the kernel program lets them begin and end, by its own clock. */
import { setTimeout as sleep } from "node:timers/promises";
import { realTimeOffset } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { loadSets, parseRules, type RuleSet, RuleTrial, SetContents } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import {
  type ApplyOptions,
  applyRules,
  attach,
  detach,
  type ListedRule,
  listRules,
  removeRules,
  UndoableRules,
} from "../../src/index.ts";
import { loadMonitor } from "../../src/monitor/load-monitor.ts";
import { newRules } from "../../src/rules/new-rules.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const [DROP, PASS] = [1, 2];
/** What the kernel's clock may be behind, and what a test takes to look. Milliseconds. */
const LATE = 300;

function ruleSet(rules: readonly object[], top: object = {}): RuleSet {
  return parseRules(JSON.stringify({ ...top, rules }), "rules.json").rules;
}

const moment = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();

function apply(veth: WatchedVeth, rules: readonly object[], options: ApplyOptions = {}): void {
  veth.inside(() => applyRules([veth.name], ruleSet(rules), { idle: 0, ...options }));
}

function listed(veth: WatchedVeth, name: string): ListedRule {
  const found = veth.inside(() => listRules(veth.name)).rules.find((rule) => rule.name === name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
}

/** When a rule ends. */
function endOf(veth: WatchedVeth, name: string): number {
  return listed(veth, name).window?.ends?.getTime() ?? Number.NaN;
}

const SOON = { name: "soon", match: "udp dst port 9", action: "drop", ttl: "1h" };

describe.skipIf(requireRoot())("rules with times", () => {
  test("begin and end while frames come, and say that they did", async () => {
    using veth = watchedVeth();
    const { offset } = realTimeOffset();
    const [first, second] = [moment(2500), moment(5000)];
    apply(veth, [
      { name: "before", match: "udp dst port 9", action: "count", until: first },
      { name: "while", match: "udp dst port 9", action: "drop", from: first, until: second },
      { name: "few", match: "udp dst port 9", action: { limit: { rate: "1/h", burst: 1 } }, from: second },
      { name: "rest", match: "udp dst port 9", action: "pass" },
    ]);
    const states = () =>
      ["before", "while", "few", "rest"].map((name) => {
        const { packets, window } = listed(veth, name);
        return [name, packets, window?.state];
      });
    veth.send(2);
    expect(states()).toEqual([
      ["before", 2n, "open"],
      ["while", 0n, "waiting"],
      ["few", 0n, "waiting"],
      ["rest", 2n, undefined],
    ]);
    await sleep(Date.parse(first) - Date.now() + LATE);
    veth.send(3);
    expect(states()).toEqual([
      ["before", 2n, "ended"],
      ["while", 3n, "open"],
      ["few", 0n, "waiting"],
      ["rest", 2n, undefined],
    ]);
    await sleep(Date.parse(second) - Date.now() + LATE);
    veth.send(4);
    expect(states()).toEqual([
      ["before", 2n, "ended"],
      ["while", 3n, "ended"],
      ["few", 4n, "open"],
      ["rest", 3n, undefined],
    ]);
    expect(listed(veth, "few").over?.packets).toBe(3n);
    const { begins, ends } = listed(veth, "while").window ?? {};
    // They are told by the time of day as it is now, and hypervisors set that while the test runs.
    const set = Number(realTimeOffset().offset - offset) / 1e6;
    expect(Math.abs(Number(begins) - set - Date.parse(first))).toBeLessThanOrEqual(20);
    expect(Math.abs(Number(ends) - set - Date.parse(second))).toBeLessThanOrEqual(20);
    // What has ended stays as it is when other rules are changed, and costs the program nothing.
    veth.inside(() => attach(veth.name, { replace: true }));
    veth.send(1);
    expect(states().map(([, packets]) => packets)).toEqual([2n, 3n, 5n, 3n]);
    veth.inside(() => detach(veth.name));
  });

  test("end at the same time, whatever is changed meanwhile", () => {
    using veth = watchedVeth();
    apply(veth, [SOON]);
    const end = endOf(veth, "soon");
    expect(Math.abs(end - Date.now() - 3_600_000)).toBeLessThan(60_000);
    const ends = () => expect(Math.abs(endOf(veth, "soon") - end)).toBeLessThanOrEqual(20);
    apply(veth, [SOON]);
    ends();
    apply(veth, [
      { name: "more", match: "tcp port 23", action: "drop", ttl: "1m" },
      { ...SOON, ttl: "60m" },
    ]);
    ends();
    veth.inside(() => attach(veth.name, { replace: true }));
    ends();
    veth.inside(() => attach(veth.name, { migrate: true, connections: 2048 }));
    ends();
    veth.inside(() => {
      using applied = new UndoableRules([veth.name], ruleSet([{ ...SOON, ttl: "2h" }]));
      expect(endOf(veth, "soon") - end).toBeGreaterThan(3_500_000);
      applied.undo();
    });
    ends();
    expect(listed(veth, "more").window?.state).toBe("open");
    // Another one of the same name begins anew.
    apply(veth, [{ ...SOON, match: "udp dst port 9 and less 100" }]);
    expect(endOf(veth, "soon")).toBeGreaterThan(end + 20);
    veth.inside(() => detach(veth.name));
  });

  test("go on over a file that is taken back, and begin anew once they were gone", async () => {
    using veth = watchedVeth();
    const short = { ...SOON, ttl: "4s" };
    apply(veth, [short]);
    const end = endOf(veth, "soon");
    veth.send(1);
    const undone = veth.inside(() => new UndoableRules([veth.name], ruleSet([{ ...SOON, name: "other" }])));
    await sleep(end - Date.now() + LATE);
    veth.inside(() => undone.undo());
    undone[Symbol.dispose]();
    veth.send(1);
    expect(listed(veth, "soon")).toMatchObject({ packets: 1n, window: { state: "ended" } });
    apply(veth, [short]);
    veth.send(1);
    expect(listed(veth, "soon")).toMatchObject({ packets: 1n, window: { state: "ended" } });
    veth.inside(() => removeRules(veth.name));
    apply(veth, [short]);
    veth.send(1);
    expect(listed(veth, "soon")).toMatchObject({ packets: 1n, window: { state: "open" } });
    veth.inside(() => detach(veth.name));
  });

  test("are refused where they will cut off whoever applies them, and nothing is changed", () => {
    using veth = watchedVeth();
    apply(veth, [SOON]);
    const session = { source: "192.0.2.7", sourcePort: 50_000, destination: "192.0.2.1", destinationPort: 22 };
    const refused = (rules: readonly object[], top: object = {}) => {
      return expect(() => veth.inside(() => applyRules([veth.name], ruleSet(rules, top), { session })));
    };
    const ssh = { name: "ssh", match: "tcp dst port 22" };
    const begins = "2127-01-31T18:00:00Z";
    refused([{ ...ssh, action: "drop", from: begins }]).toThrow(
      `your session from 192.0.2.7 port 50000: rule "ssh", from ${begins} on`,
    );
    refused([{ ...ssh, action: "drop", until: begins }]).toThrow('port 50000: rule "ssh"\n');
    // What keeps the session alive ends.
    refused([
      { ...ssh, action: "pass", ttl: "1h" },
      { name: "all", match: "tcp", action: "drop" },
    ]).toThrow(/port 50000: rule "all", from 20\d\d-.* on$/m);
    const others = ["arp", "udp", "icmp6"].map((match) => ({ name: match, match, action: "pass" }));
    refused([...others, { ...ssh, action: "pass", until: begins }], { default: "drop" }).toThrow(
      `no rule passes it, and the default drops, from ${begins} on`,
    );
    // Not where another one takes its place in time.
    const next = { name: "next", match: "tcp", action: "pass" };
    const handed = (from: string) => [
      { ...ssh, action: "pass", until: begins },
      { ...next, from },
      { name: "all", match: "tcp", action: "drop" },
    ];
    refused(handed("2127-01-31T18:00:00.001Z")).toThrow(`rule "all", from ${begins} on`);
    refused(handed(begins)).not.toThrow();
    expect(veth.inside(() => listRules(veth.name)).rules.map(({ name }) => name)).toEqual(["ssh", "next", "all"]);
    // And not what was over before.
    refused([{ ...ssh, action: "drop", until: "2001-01-01T00:00:00Z" }]).not.toThrow();
    veth.inside(() => detach(veth.name));
  });

  test("are taken by the verifier where there are many, and decide as the trial does", { timeout: 60_000 }, () => {
    const window = (index: number) =>
      [
        { from: "2001-01-01T00:00:00Z" },
        { until: "2001-01-01T00:00:00Z" },
        { ttl: "1h" },
        { from: "2127-01-01T00:00:00Z" },
      ][index % 4];
    const rules = ruleSet(
      Array.from({ length: 1000 }, (_, index) => ({
        ...{ name: `rule${index}`, match: `udp dst port ${1 + (index % 500)}` },
        action: [{ limit: { rate: "1/h", burst: 1, per: "source" } }, "drop", "pass"][index % 3],
        ...window(index),
      })),
    );
    using monitor = loadMonitor({
      ...{ table: { connections: 1024, idle: 0n }, frags: false },
      rules: newRules({ rules }, undefined),
    });
    const trial = new RuleTrial(rules, new SetContents(loadSets(rules)));
    const time = BigInt(Date.now()) * 1_000_000n;
    for (let port = 1; port <= 502; port += 3) {
      const bytes = ethernet().ipv4().udp({ destinationPort: port }).paddedTo(60);
      for (let round = 0; round < 2; round++) {
        const { verdict, rule } = trial.decide({ bytes, length: bytes.length, time });
        const { verdict: result } = monitor.program.testRun({ data: bytes });
        expect([port, round, rule, result]).toEqual([port, round, rule, verdict === "drop" ? DROP : PASS]);
      }
    }
  });
});

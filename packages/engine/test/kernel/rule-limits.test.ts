/** Limits on an interface: what gets through of how much, on several CPUs, and what goes on when other rules are applied. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decode } from "@weir/bytecode/layout";
import { ArrayMap, inNetworkNamespace } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { RuleCounts } from "@weir/programs";
import { parseRules, type RuleSet } from "@weir/rules";
import { describe, expect, test } from "vitest";
import { applyRules, attach, detach, type ListedRule, listRules, stats } from "../../src/index.ts";
import { type LoadedMonitor, loadMonitor } from "../../src/monitor/load-monitor.ts";
import { newRules } from "../../src/rules/new-rules.ts";
import { RULE_COUNTS } from "../../src/rules/rules-stage.ts";
import { outputOf } from "./engine-process.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const GENERATOR = join(import.meta.dirname, "../measured/load-generator.ts");
const DROP = 1;

/** `[name, expression, limit or action]` of each rule. */
function ruleSet(rules: readonly (readonly [string, string, object | string])[]): RuleSet {
  const entries = rules.map(([name, match, what]) => ({
    ...{ name, match },
    action: typeof what === "string" ? what : { limit: what },
  }));
  return parseRules(JSON.stringify({ rules: entries }), "rules.json").rules;
}

function listed(veth: WatchedVeth, name: string): ListedRule {
  const found = inNetworkNamespace(veth.receiver.path, () => listRules(veth.name)).rules.find(
    (rule) => rule.name === name,
  );
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
}

/** Packets of a rule that were let through, and the others. */
function through(veth: WatchedVeth, name: string): { readonly passed: number; readonly over: number } {
  const { packets, over } = listed(veth, name);
  const dropped = Number(over?.packets);
  return { passed: Number(packets) - dropped, over: dropped };
}

/** A program with rules, which is attached to nothing. */
function loaded(rules: RuleSet): LoadedMonitor {
  const table = { connections: 1024, idle: 0n };
  return loadMonitor({ table, frags: false, rules: newRules({ rules }, undefined) });
}

/** What the rule with a number counted. */
function countsOf({ object, rules }: LoadedMonitor, name: string): Record<"packets" | "over" | "untracked", number> {
  using counts = ArrayMap.of(object.map(RULE_COUNTS), { value: RuleCounts });
  using memory = counts.memory();
  const { slots = {}, capacity = 1 } = rules?.applied ?? {};
  const sum = { packets: 0, over: 0, untracked: 0 };
  for (let at = slots[name] ?? 0; at < counts.map.info.maxEntries; at += capacity) {
    const one = decode(RuleCounts, memory.view, at * memory.stride);
    sum.packets += Number(one.packets);
    sum.over += Number(one.over_packets);
    sum.untracked += Number(one.no_room);
  }
  return sum;
}

const ETHERNET = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1];

/** A UDP datagram from 10.x.y.z, or from 2001:db8::x:y:z. */
function frameFrom(source: number, version: 4 | 6): Uint8Array {
  const ip =
    version === 4
      ? [8, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, source >> 16, source >> 8, source, 192, 0, 2, 1]
      : [0x86, 0xdd, 0x60, 0, 0, 0, 0, 8, 17, 64, 0x20, 1, 0xd, 0xb8, ...Array<number>(9).fill(0)].concat(
          [source >> 16, source >> 8, source],
          [0x20, 1, 0xd, 0xb8, ...Array<number>(11).fill(0), 1],
        );
  const frame = new Uint8Array(64);
  frame.set([...ETHERNET, ...ip, 0x9c, 0x40, 0, 9, 0, 8, 0, 0]);
  return frame;
}

describe.skipIf(requireRoot() ?? requireTool("taskset"))("limits on an interface", () => {
  test("let the rate through from two CPUs that send at once", { timeout: 60_000 }, async () => {
    using veth = watchedVeth();
    const [rate, perSource] = [5000, 1000];
    const rules = ruleSet([
      ["all", "udp", { rate: `${rate}/s`, burst: rate / 2 }],
      ["each", "udp", { rate: `${perSource}/s`, burst: perSource / 2, per: "source" }],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { mode: "drv", idle: 0 }));
    veth.sender.run("ip", ["link", "add", "other0", "up", "type", "veth", "peer", "name", "other1"]);
    const senders = ["veth0", "veth0,other0"].map((names, cpu) => {
      const node = [process.execPath, "--conditions=source", GENERATOR, names, "2", "7", "20000"];
      return outputOf(
        veth.sender.spawn("taskset", ["-c", String(cpu), ...node], { stdio: ["ignore", "pipe", "inherit"] }),
      );
    });
    const read = () => {
      const before = process.hrtime.bigint();
      const counted = { all: through(veth, "all"), each: through(veth, "each") };
      return { ...counted, time: Number(before + process.hrtime.bigint()) / 2e9 };
    };
    // Until both send, and what may come at once is used up.
    await expect.poll(() => through(veth, "each").over, { timeout: 10_000, interval: 50 }).toBeGreaterThan(2000);
    await sleep(1500);
    const first = read();
    await sleep(3000);
    const second = read();
    const seconds = second.time - first.time;
    await Promise.all(senders);
    // Within two percent.
    const share = (passed: number, allowed: number): number => passed / seconds / allowed;
    expect(Math.abs(share(second.all.passed - first.all.passed, rate) - 1)).toBeLessThan(0.02);
    expect(Math.abs(share(second.each.passed - first.each.passed, 2 * perSource) - 1)).toBeLessThan(0.02);
    const [all, each] = [listed(veth, "all"), listed(veth, "each")];
    // Every frame is in one place: above the first rate, or asked of the second one.
    expect(all.packets).toBe(veth.inside(() => stats(veth.name)).counters.udp);
    expect(each.packets).toBe(all.packets - (all.over?.packets ?? 0n));
    expect(all.over?.bytes).toBe((all.over?.packets ?? 0n) * 60n);
    expect(each.untracked).toBe(0n);
    veth.inside(() => detach(veth.name));
  });

  test("let bursts and bits through, and count the others", () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["small", "udp and less 60", { rate: "1/h", burst: 7, per: "flow" }],
      // 8 datagrams of 142 bytes with their headers, and no part of a ninth.
      ["large", "udp and greater 100", { rate: "1kbit/s", burst: "1200byte" }],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { idle: 0 }));
    veth.send(20, 8, 2);
    veth.send(20, 100);
    expect(through(veth, "small")).toEqual({ passed: 14, over: 26 });
    expect(through(veth, "large")).toEqual({ passed: 8, over: 12 });
    expect(listed(veth, "large")).toMatchObject({
      ...{ action: "limit", limit: { rate: "1kbit/s", burst: "9600bit" } },
      ...{ over: { packets: 12n, bytes: 12n * 142n }, untracked: 0n, contended: 0n },
    });
    veth.inside(() => detach(veth.name));
  });

  test("go on with other rules as long as they stay what they are", () => {
    using veth = watchedVeth();
    const [few, source] = [
      { rate: "1/h", burst: 5 },
      { rate: "1/h", burst: 5, per: "source" },
    ];
    const apply = (...rules: (readonly [string, string, object | string])[]) =>
      veth.inside(() => applyRules([veth.name], ruleSet(rules), { idle: 0 }));
    apply(["few", "udp and less 60", few], ["source", "udp and greater 100", source]);
    const sendBoth = () => {
      veth.send(4);
      veth.send(4, 100);
      return [through(veth, "few").passed, through(veth, "source").passed];
    };
    expect(sendBoth()).toEqual([4, 4]);
    apply(
      ["new", "tcp", { rate: "1/s", per: "flow" }],
      ["source", "udp and greater 100", source],
      ["few", "udp and less 60", few],
    );
    expect(sendBoth()).toEqual([5, 5]);
    veth.inside(() => attach(veth.name, { replace: true }));
    expect(sendBoth()).toEqual([5, 5]);
    const other = { rate: "1/h", burst: 3 };
    apply(["few", "udp and less 60", other], ["source", "udp and greater 100", { ...other, per: "source" }]);
    expect(sendBoth()).toEqual([8, 8]);
    veth.inside(() => detach(veth.name));
  });

  test("tell 100,000 sources apart", { timeout: 120_000 }, () => {
    const sources = 100_000;
    const rules = ruleSet([["each", "udp", { rate: "1/h", burst: 3, per: "source" }]]);
    using monitor = loaded(rules);
    const { program } = monitor;
    // One by one: with `repeat` the kernel waits for all CPUs, each time.
    let dropped = 0;
    for (let source = 0; source < sources; source++) {
      const data = frameFrom(source, source % 2 === 0 ? 4 : 6);
      const verdicts = [1, 2, 3, 4].map(() => program.testRun({ data }).verdict);
      if (verdicts[2] !== DROP && verdicts[3] === DROP) dropped += 1;
    }
    const { packets, over, untracked } = countsOf(monitor, "each");
    // With one seed in many, a few find no room: each of their frames is counted as that.
    expect(untracked).toBeLessThanOrEqual(4 * 5);
    expect(dropped).toBe(sources - untracked / 4);
    expect({ packets, over }).toEqual({ packets: 4 * sources, over: dropped });
  });
});

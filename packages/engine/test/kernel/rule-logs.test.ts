/** Rules that log on an interface: what they write, how much, and that each frame is counted where it is. */
import { setTimeout as sleep } from "node:timers/promises";
import { BpfMap, BpfProgram, programDetails } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { parseRules, type RuleSet } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import {
  applyRules,
  attach,
  detach,
  type ListedRule,
  type LoggedFrame,
  listRules,
  RuleLog,
  removeRules,
  status,
} from "../../src/index.ts";
import { sendLoad, underLoad } from "./under-load.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

/** `[name, expression, action]` of each rule. */
function ruleSet(rules: readonly (readonly [string, string, object | string])[]): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ rules: entries }), "rules.json").rules;
}

function listed(veth: WatchedVeth, name: string): ListedRule {
  const found = veth.inside(() => listRules(veth.name)).rules.find((rule) => rule.name === name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
}

/** Frames that a rule matched, by what became of them in its log. */
function account(veth: WatchedVeth, name: string) {
  const { packets, over, noRoom } = listed(veth, name);
  return { packets: Number(packets), over: Number(over?.packets), noRoom: Number(noRoom) };
}

/** All that is there to be read, of each rule. */
function frames(veth: WatchedVeth): Record<string, LoggedFrame[]> {
  using log = veth.inside(() => new RuleLog(veth.name));
  return Object.groupBy(log.take(), ({ rule }) => rule) as Record<string, LoggedFrame[]>;
}

describe.skipIf(requireRoot())("rules that log", () => {
  test("write what was matched and what became of it, and let the next rules decide", () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["seen", "udp", "log"],
      ["small", "udp and less 60", { log: { rate: "1/h", burst: 3 } }],
      ["drop-small", "udp and dst port 9 and less 60", "drop"],
      ["other", "tcp", "log"],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { idle: 0 }));
    const before = BigInt(Date.now()) * 1_000_000n;
    veth.send(2);
    veth.send(1, 200);
    const { seen = [], small = [], other = [] } = frames(veth);
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    expect(seen.map(({ verdict, length }) => [verdict, length])).toEqual([
      ["drop", 50],
      ["drop", 50],
      ["pass", 242],
    ]);
    expect(small.map(({ verdict, length }) => [verdict, length])).toEqual([
      ["drop", 50],
      ["drop", 50],
    ]);
    expect(other).toEqual([]);
    expect(seen[0]?.ends).toEqual({
      ...{ etherType: 0x0800, protocol: { number: 17, name: "udp" } },
      ...{ source: "192.0.2.1", sourcePort: 40_000, destination: "192.0.2.2", destinationPort: 9 },
    });
    expect(seen.map(({ bytes }) => bytes.length)).toEqual([50, 50, 128]);
    const times = seen.map(({ time }) => time);
    expect(times).toEqual([...times].sort((one, two) => (one < two ? -1 : 1)));
    expect((times[0] ?? 0n) > before && (times[2] ?? 0n) < after).toBe(true);
    expect(account(veth, "seen")).toEqual({ packets: 3, over: 0, noRoom: 0 });
    expect(listed(veth, "drop-small").packets).toBe(2n);
    // What has been read is gone.
    expect(frames(veth)).toEqual({});
    veth.inside(() => detach(veth.name));
  });

  test("are for one reader at a time, and there must be a rule that logs", () => {
    using veth = watchedVeth();
    const open = () => veth.inside(() => new RuleLog(veth.name));
    expect(open).toThrow("not attached");
    veth.inside(() => attach(veth.name));
    expect(open).toThrow("no rules");
    veth.inside(() => applyRules([veth.name], ruleSet([["drop", "tcp port 23", "drop"]])));
    expect(open).toThrow("none of the rules");
    veth.inside(() => applyRules([veth.name], ruleSet([["log", "udp", "log"]])));
    {
      using _log = open();
      expect(open).toThrow("another process reads the log");
    }
    using _log = open();
    veth.inside(() => detach(veth.name));
  });

  test("go on being read when other rules are applied, until none logs", async () => {
    using veth = watchedVeth();
    const apply = (...rules: (readonly [string, string, string])[]) =>
      veth.inside(() => applyRules([veth.name], ruleSet(rules), { idle: 0 }));
    apply(["one", "udp", "log"]);
    using log = veth.inside(() => new RuleLog(veth.name));
    const take = () => veth.inside(() => log.take().map(({ rule }) => rule));
    veth.send(1);
    apply(["new", "tcp", "log"], ["two", "udp", "log"]);
    veth.send(2);
    expect(take()).toEqual(["one", "two", "two"]);
    veth.inside(() => attach(veth.name, { replace: true }));
    veth.send(1);
    expect(take()).toEqual(["two"]);
    veth.send(1);
    apply(["two", "udp", "count"]);
    // It is another rule to count for, since these frames are in no log.
    veth.send(1);
    expect(listed(veth, "two").packets).toBe(1n);
    expect(take()).toEqual(["two"]);
    await sleep(600);
    expect(take).toThrow("none of the rules");
    apply(["two", "udp", "log"]);
    expect(listed(veth, "two").packets).toBe(4n);
    veth.send(1);
    await sleep(600);
    expect(() => veth.inside(() => removeRules(veth.name))).not.toThrow();
    veth.inside(() => detach(veth.name));
  });

  test("write of 100,000 frames as many as their rates allow, and count each of the others", () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["ten", "udp", "log"],
      ["few", "udp and dst port 9", { log: { rate: "1/h", burst: 7 } }],
      ["many", "udp and dst port 9", { log: { rate: "1/h", burst: 20_000 } }],
      ["none", "tcp", { log: { rate: "1/h", burst: 7 } }],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { idle: 0 }));
    using program = BpfProgram.byId(veth.inside(() => status()).attached[0]?.programId ?? 0);
    const data = ethernet().ipv4().udp({ destinationPort: 9 }).paddedTo(64);
    const { nanoseconds } = program.testRun({ data, repeat: 100_000 });
    const seconds = (nanoseconds * 100_000) / 1e9;
    const accounts = Object.fromEntries(["ten", "few", "many", "none"].map((name) => [name, account(veth, name)]));
    const read = frames(veth);
    const of = (name: string) => read[name]?.length ?? 0;
    expect(accounts.few).toEqual({ packets: 100_000, over: 99_993, noRoom: 0 });
    expect(of("few")).toBe(7);
    // It finds no room: nobody reads.
    expect(accounts.many).toEqual({ packets: 100_000, over: 80_000, noRoom: 20_000 - of("many") });
    expect(of("few") + of("ten") + of("many")).toBe(Math.floor(2 ** 20 / 160));
    expect(accounts.none).toEqual({ packets: 0, over: 0, noRoom: 0 });
    const ten = accounts.ten ?? { packets: 0, over: 0, noRoom: 0 };
    expect(of("ten") + ten.over + ten.noRoom).toBe(100_000);
    expect(of("ten") + ten.noRoom).toBeGreaterThanOrEqual(5);
    expect(of("ten") + ten.noRoom).toBeLessThanOrEqual(5 + Math.ceil(10 * seconds) + 1);
    veth.inside(() => detach(veth.name));
  });

  test("are a part of the program only where rules log, also of frames in several buffers", () => {
    using veth = watchedVeth({ mtu: 9000 });
    const mapNames = () => {
      using program = BpfProgram.byId(veth.inside(() => status()).attached[0]?.programId ?? 0);
      return programDetails(program).mapIds.map((id) => {
        using map = BpfMap.byId(id);
        return map.name;
      });
    };
    veth.inside(() => applyRules([veth.name], ruleSet([["seen", "udp", "count"]]), { mode: "drv" }));
    expect(mapNames()).not.toContain("FRAME_REPORTS");
    veth.inside(() => applyRules([veth.name], ruleSet([["seen", "udp", "log"]])));
    expect(mapNames()).toContain("FRAME_REPORTS");
    veth.send(1, 8000);
    const { seen = [] } = frames(veth);
    expect(seen.map(({ length, bytes }) => [length, bytes.length])).toEqual([[8042, 128]]);
    veth.inside(() => detach(veth.name));
  });

  test("write of a flood as much as their rate allows, and lose no other rule's records", {
    timeout: 60_000,
  }, async () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["flood", "udp", { log: { rate: "1/h", burst: 20 } }],
      ["steady", "udp", { log: { rate: "1000/s" } }],
      ["seldom", "udp and dst port 10", "log"],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { mode: "drv", idle: 0 }));
    using log = veth.inside(() => new RuleLog(veth.name));
    const read: LoggedFrame[] = [];
    const started = process.hrtime.bigint();
    const { sent } = await underLoad(veth, { flows: 64, seconds: 3, rate: 40_000 }, () => {
      read.push(...veth.inside(() => log.take()));
    });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    read.push(...veth.inside(() => log.take()));
    expect(sent).toBeGreaterThan(20_000);
    const of = (name: string) => read.filter(({ rule }) => rule === name).length;
    for (const name of ["flood", "steady"]) {
      const { packets, over, noRoom } = account(veth, name);
      expect(packets).toBe(sent);
      expect(noRoom).toBe(0);
      expect(of(name) + over).toBe(sent);
    }
    expect(of("flood")).toBe(20);
    // What may come at once, and not more than the rate of all that time.
    expect(of("steady")).toBeGreaterThan(2000);
    expect(of("steady")).toBeLessThanOrEqual(100 + 1000 * seconds + 1);
    const { flood, steady } = { flood: account(veth, "flood"), steady: account(veth, "steady") };
    expect(log.unlogged).toEqual({ over: BigInt(flood.over + steady.over), noRoom: 0n });
    veth.inside(() => detach(veth.name));
  });

  test("are read while rules are exchanged under load, and each frame is in one place", {
    timeout: 60_000,
  }, async () => {
    using veth = watchedVeth();
    const log = { log: { rate: "5k/s" } };
    const sets = ["one", "two"].map((name) =>
      ruleSet([
        [name, "udp", log],
        ["both", "udp", log],
      ]),
    );
    const exchange = (round: number) =>
      veth.inside(() => applyRules([veth.name], sets[round % 2] ?? ruleSet([]), { idle: 0 }));
    exchange(0);
    using reader = veth.inside(() => new RuleLog(veth.name));
    const read: LoggedFrame[] = [];
    const { rounds, sent } = await underLoad(veth, { flows: 64, seconds: 2, rate: 20_000 }, (round) => {
      exchange(round + 1);
      read.push(...veth.inside(() => reader.take()));
    });
    read.push(...veth.inside(() => reader.take()));
    const last = ruleSet([...["one", "two", "both"].map((name) => [name, "udp", log] as const)]);
    veth.inside(() => applyRules([veth.name], last, { idle: 0 }));
    let alternating = 0;
    for (const name of ["one", "two", "both"]) {
      const { packets, over, noRoom } = account(veth, name);
      const logged = read.filter(({ rule }) => rule === name).length;
      expect(logged).toBeGreaterThan(0);
      expect(logged + over + noRoom).toBe(packets);
      if (name === "both") expect(packets).toBe(sent);
      else alternating += packets;
    }
    expect(alternating).toBe(sent);
    expect(rounds).toBeGreaterThan(3);
    veth.inside(() => detach(veth.name));
  });

  test("count what finds no room when nobody reads", { timeout: 60_000 }, async () => {
    using veth = watchedVeth();
    const names = Array.from({ length: 9 }, (_, index) => `log-${index}`);
    const rules = ruleSet(names.map((name) => [name, "udp", { log: { rate: "10k/s", burst: 100_000 } }]));
    veth.inside(() => applyRules([veth.name], rules, { mode: "drv", idle: 0 }));
    const sent = await sendLoad(veth, { flows: 64, seconds: 1, rate: 5000 });
    expect(sent).toBeGreaterThan(2000);
    const accounts = names.map((name) => account(veth, name));
    const read = frames(veth);
    for (const [index, name] of names.entries()) {
      const { packets, over, noRoom } = accounts[index] ?? { packets: 0, over: 0, noRoom: 0 };
      expect({ packets, over, all: (read[name]?.length ?? 0) + noRoom }).toEqual({ packets: sent, over: 0, all: sent });
    }
    // Records of 160 bytes with their heads in a buffer of 1 MiB; and of a frame eight rules write one.
    expect(Object.values(read).flat().length).toBe(Math.floor(2 ** 20 / 160));
    expect(accounts[8]?.noRoom).toBe(sent);
    veth.inside(() => detach(veth.name));
  });
});

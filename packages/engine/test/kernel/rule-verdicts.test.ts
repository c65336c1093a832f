/** What becomes of frames on an interface with rules: each is counted under one verdict, and all of them add up to what was sent. */
import { availableParallelism } from "node:os";
import { requireRoot, requireTool } from "@weir/laboratory";
import { parseRules, type RuleSet } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { applyRules, attach, check, detach, type Identity, listRules, removeRules, stats } from "../../src/index.ts";
import { captureFile, pcap } from "../unit/captures/capture-writer.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

type Verdict = "passed" | "byRule" | "byLimit" | "byDefault";

/** A hardware address of nobody, so that no stack answers what is passed. */
const NOBODY = { destination: "02:00:00:00:00:99", source: "02:00:00:00:00:98" };
const udp = (port: number) => ethernet(NOBODY).ipv4().udp({ destinationPort: port }).toBytes();
const udp6 = (port: number) => ethernet(NOBODY).ipv6().udp({ destinationPort: port }).toBytes();
const tagged = (port: number) =>
  ethernet(NOBODY).vlan({ id: 7 }).vlan({ id: 8 }).ipv6().tcp({ destinationPort: port }).toBytes();

const RULES: readonly (readonly [string, string, string | object])[] = [
  ["trial", "udp", "count"],
  ["dns", "udp and dst port 53", "drop"],
  ["few", "udp and dst port 123", { limit: { rate: "1/h", burst: 5 } }],
  ["sources", "ip6 and udp and dst port 124", { limit: { rate: "1/h", burst: 2, per: "source" } }],
  ["datagrams", "udp", "pass"],
  ["web", "tcp and dst port 80", "drop"],
  ["tcp", "tcp", "pass"],
  ["odd", "ether proto 0x88b5", "drop"],
  ["sctp", "protochain 132", "drop"],
];

/** So many of a frame, and what becomes of them when everything that no rule decides about is dropped. */
const SENT: readonly (readonly [Uint8Array, Partial<Record<Verdict, number>>])[] = [
  [udp(53), { byRule: 11 }],
  [udp6(53), { byRule: 4 }],
  [udp(123), { passed: 5, byLimit: 8 }],
  [udp6(124), { passed: 2, byLimit: 7 }],
  [udp(7), { passed: 6 }],
  [tagged(80), { byRule: 3 }],
  [tagged(443), { passed: 9 }],
  // In no connection: another EtherType, ARP, a length, IP of no version (of which expressions do not ask), what breaks off in TCP and before it.
  [Uint8Array.from([...udp(7).subarray(0, 12), 0x88, 0xb5, ...new Uint8Array(46)]), { byRule: 2 }],
  [ethernet(NOBODY).arp().toBytes(), { byDefault: 5 }],
  [Uint8Array.from([...udp(7).subarray(0, 12), 0, 3, 0x42, 0x42, 3, ...new Uint8Array(43)]), { byDefault: 2 }],
  [ethernet(NOBODY).ipv4({ version: 5 }).udp({ destinationPort: 53 }).toBytes(), { byRule: 3 }],
  [ethernet(NOBODY).ipv4({ protocol: 6, totalLength: 30 }).payload(new Uint8Array(10)).toBytes(), { passed: 4 }],
  [ethernet(NOBODY).ipv6({ nextHeader: 0 }).payload([17, 200, 0, 0, 0, 0, 0, 0]).toBytes(), { byDefault: 1 }],
  // Behind options for every hop.
  [
    ethernet(NOBODY)
      .ipv6({ nextHeader: 0 })
      .payload([132, 0, 1, 4, 0, 0, 0, 0, ...new Uint8Array(12)])
      .toBytes(),
    { byRule: 3 },
  ],
  [ethernet(NOBODY).ipv4().icmp().toBytes(), { byDefault: 10 }],
];

function ruleSet(rules: typeof RULES, byDefault: "pass" | "drop"): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ vlan: "through", default: byDefault, rules: entries }), "rules.json").rules;
}

/** Frames and bytes of each verdict. */
function expected(): Record<Verdict, { frames: bigint; bytes: bigint }> {
  const sums = { passed: nothing(), byRule: nothing(), byLimit: nothing(), byDefault: nothing() };
  for (const [frame, verdicts] of SENT) {
    for (const verdict of ["passed", "byRule", "byLimit", "byDefault"] as const) {
      const count = BigInt(verdicts[verdict] ?? 0);
      sums[verdict].frames += count;
      sums[verdict].bytes += count * BigInt(frame.length);
    }
  }
  return sums;
}

const nothing = () => ({ frames: 0n, bytes: 0n });

/** Sends them all, as they are. */
function sendAll(veth: WatchedVeth): void {
  const frames = SENT.flatMap(([frame, verdicts]) =>
    Array.from({ length: Object.values(verdicts).reduce((sum, count) => sum + count, 0) }, () => frame),
  );
  using file = captureFile(pcap(frames));
  veth.sender.run("tcpreplay", ["--topspeed", "--intf1=veth0", file.path]);
}

/** What the driver of the interface counts of its own: frames that the program dropped. */
function droppedByDriver(veth: WatchedVeth): bigint {
  const text = veth.receiver.run("ethtool", ["-S", veth.name]);
  return [...text.matchAll(/_xdp_drops: (\d+)/g)].reduce((sum, [, count = ""]) => sum + BigInt(count), 0n);
}

function droppedFrames({ dropped }: Identity): bigint {
  return dropped.byRule + dropped.byLimit + dropped.byDefault;
}

describe.skipIf(requireRoot() ?? requireTool("tcpreplay", "ethtool"))("every frame has one verdict", () => {
  test.each(["drv", "skb"] as const)("which add up to what was sent, in mode %s", (mode) => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], ruleSet(RULES, "drop"), { mode, guard: false }));
    sendAll(veth);
    const { passed, byRule, byLimit, byDefault } = expected();
    const { counters, identity, connections } = veth.inside(() => stats(veth.name));
    const frames = passed.frames + byRule.frames + byLimit.frames + byDefault.frames;
    expect(counters).toMatchObject({
      ...{ frames, bytes: passed.bytes + byRule.bytes + byLimit.bytes + byDefault.bytes },
      ...{ dropped_by_rule: byRule.frames, dropped_by_rule_bytes: byRule.bytes },
      ...{ dropped_by_limit: byLimit.frames, dropped_by_limit_bytes: byLimit.bytes },
      ...{ dropped_by_default: byDefault.frames, dropped_by_default_bytes: byDefault.bytes },
      ...{ unattributed: 17n, unattributed_drops: 13n, overflow_drops: 0n },
      ...{ vlan_double: 12n, malformed: 8n, arp: 5n, llc_8023: 2n, other_ethertype: 2n },
    });
    expect(identity).toMatchObject({
      ...{ passed: passed.frames, holds: true, exact: true },
      dropped: { byRule: byRule.frames, byLimit: byLimit.frames, byDefault: byDefault.frames },
    });
    expect(veth.inside(() => check(veth.name))).toEqual(identity);
    const dropped = droppedFrames(identity);
    expect(connections.reduce((sum, { drops }) => sum + drops, 0n)).toBe(dropped - 13n);
    // Of generic XDP no driver counts.
    if (mode === "drv") expect(droppedByDriver(veth)).toBe(dropped);
    // The rules' own numbers say the same.
    const { rules, default: rest } = veth.inside(() => listRules(veth.name));
    const sum = (of: (rule: (typeof rules)[number]) => bigint | undefined) =>
      rules.reduce((total, rule) => total + (of(rule) ?? 0n), 0n);
    expect(sum(({ action, packets }) => (action === "drop" ? packets : 0n))).toBe(byRule.frames);
    expect(sum(({ over }) => over?.packets)).toBe(byLimit.frames);
    expect(rest.packets).toBe(byDefault.frames);
    veth.inside(() => detach(veth.name));
  });

  test("and go on when rules are changed, taken off, and when the program is replaced", () => {
    using veth = watchedVeth();
    const apply = (byDefault: "pass" | "drop", rules = RULES) =>
      veth.inside(() => applyRules([veth.name], ruleSet(rules, byDefault), { guard: false }));
    const { passed, byRule, byLimit, byDefault } = expected();
    apply("drop");
    sendAll(veth);
    // Other rules: no more limits, and what no rule decides about is passed.
    apply(
      "pass",
      RULES.filter(([, , action]) => typeof action === "string"),
    );
    sendAll(veth);
    const dropped = { byRule: 2n * byRule.frames, byLimit: byLimit.frames, byDefault: byDefault.frames };
    const twice = 2n * (passed.frames + byRule.frames + byLimit.frames + byDefault.frames);
    const sum = dropped.byRule + dropped.byLimit + dropped.byDefault;
    const after = { seenAfter: twice, passed: twice - sum, dropped, holds: true, exact: true };
    expect(veth.inside(() => check(veth.name))).toMatchObject(after);
    veth.inside(() => attach(veth.name, { replace: true }));
    expect(veth.inside(() => check(veth.name))).toMatchObject(after);
    veth.inside(() => removeRules(veth.name));
    sendAll(veth);
    const passedToo = { seenAfter: twice + twice / 2n, passed: twice - sum + twice / 2n };
    expect(veth.inside(() => check(veth.name))).toMatchObject({ ...after, ...passedToo });
    // Into other maps.
    veth.inside(() => attach(veth.name, { migrate: true, connections: 4096 }));
    expect(veth.inside(() => check(veth.name))).toMatchObject({ ...after, ...passedToo });
    veth.inside(() => detach(veth.name));
  });

  test("also where the table is full, and where connections take over the slots of others", async () => {
    using veth = watchedVeth();
    const rules = ruleSet([["odd", "udp and udp[0:2] & 1 = 1", "drop"]], "pass");
    // Where the kernel has yet to ask for the hardware address, it keeps fewer packets meanwhile than are sent here.
    veth.send(1);
    veth.inside(() => applyRules([veth.name], rules, { connections: 20, idle: 0, guard: false }));
    veth.send(2, 8, 200);
    veth.inside(() => attach(veth.name, { replace: true, idle: 0.02 }));
    // Each CPU has a table of its own: one of them is sent to twice, from other ports.
    for (let round = 1; round <= availableParallelism(); round++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      veth.send(2, 8, 200, 40_000 + 200 * round);
    }
    const sent = 400n * BigInt(1 + availableParallelism());
    const { counters, evicted } = veth.inside(() => stats(veth.name));
    expect(counters).toMatchObject({ udp: sent, dropped_by_rule: sent / 2n });
    expect(counters.overflow_drops).toBeGreaterThan(0n);
    expect(evicted.connections).toBeGreaterThan(0n);
    const identity = veth.inside(() => check(veth.name));
    const dropped = { byRule: sent / 2n, byLimit: 0n, byDefault: 0n };
    expect(identity).toMatchObject({ dropped, holds: true, exact: true });
    expect(identity.passed + droppedFrames(identity)).toBe(identity.seenAfter);
    veth.inside(() => detach(veth.name));
  });

  test("also where packets are sampled: what connections have lost is estimated, what was dropped is not", () => {
    using veth = watchedVeth();
    // Each packet at first, then one of three; other rules keep that.
    veth.inside(() => applyRules([veth.name], ruleSet(RULES.slice(1), "drop"), { guard: false }));
    sendAll(veth);
    veth.inside(() => attach(veth.name, { migrate: true, sample: "1/3" }));
    veth.inside(() => applyRules([veth.name], ruleSet(RULES, "drop"), { guard: false }));
    const rounds = 60;
    for (let round = 0; round < rounds; round++) sendAll(veth);
    const { byRule } = expected();
    const { counters, identity, connections, sampling } = veth.inside(() => stats(veth.name));
    expect(sampling).toMatchObject({ by: "packets", rate: 3 });
    expect(counters.dropped_by_rule).toBe(BigInt(rounds + 1) * byRule.frames);
    expect(identity).toMatchObject({ holds: true, exact: true });
    expect(identity.passed + droppedFrames(identity)).toBe(identity.seenAfter);
    expect(counters.sampled_out_drops).toBeGreaterThan(0n);
    expect(counters.sampled_out_drops).toBeLessThan(counters.sampled_out);
    // All of this one are dropped, of the others that were sampled some are not.
    const dns = connections.find(({ source, destinationPort }) => !source.includes(":") && destinationPort === 53);
    expect(dns?.drops).toBe(dns?.packets);
    const drops = connections.reduce((sum, connection) => sum + Number(connection.drops), 0);
    const variance = connections.reduce((sum, { standardError }) => sum + (standardError?.packets ?? 0) ** 2, 0);
    const inConnections = Number(droppedFrames(identity) - counters.unattributed_drops);
    expect(Math.abs(drops - inConnections)).toBeLessThan(6 * Math.sqrt(variance));
    // And it goes on without rules.
    veth.inside(() => removeRules(veth.name));
    sendAll(veth);
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, exact: true });
    veth.inside(() => detach(veth.name));
  });

  test("also where connections are sampled, which count exactly what they lose", () => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], ruleSet(RULES, "drop"), { sample: "flow:1/2", guard: false }));
    for (let round = 0; round < 5; round++) sendAll(veth);
    const { counters, identity, connections } = veth.inside(() => stats(veth.name));
    expect(identity).toMatchObject({ holds: true, exact: true });
    const drops = connections.reduce((sum, connection) => sum + connection.drops, 0n);
    const others = counters.unattributed_drops + counters.sampled_out_drops;
    expect(drops + others).toBe(droppedFrames(identity));
    veth.inside(() => detach(veth.name));
  });

  test.each(["all", "sampled"])(
    "at every moment, while frames come as quickly as they can: %s of them",
    async (which) => {
      using veth = watchedVeth();
      const rules = ruleSet([["some", "udp and dst port 9 and ip[4:2] & 3 = 1", "drop"], ...RULES], "pass");
      const sample = which === "all" ? undefined : "1/5";
      veth.inside(() => applyRules([veth.name], rules, { idle: 0.02, connections: 50, guard: false, sample }));
      const stop = await veth.startSending();
      const proofs: Identity[] = [];
      for (const end = Date.now() + 1000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 5))) {
        proofs.push(veth.inside(() => check(veth.name)));
      }
      await stop();
      expect(proofs.length).toBeGreaterThan(10);
      expect(proofs.filter(({ holds }) => !holds)).toEqual([]);
      const last = veth.inside(() => check(veth.name));
      expect(last).toMatchObject({ holds: true, exact: true });
      expect(last.passed + droppedFrames(last)).toBe(last.seenAfter);
      expect(droppedFrames(last)).toBeGreaterThan(100n);
      veth.inside(() => detach(veth.name));
    },
  );
});

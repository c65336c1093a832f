/** Rules on an interface: what they drop and count, and their exchange while frames come. */
import { requireRoot } from "@weir/laboratory";
import { entryOf, parseRules, type RuleSet } from "@weir/rules";
import { describe, expect, test } from "vitest";
import {
  addToSet,
  applyRules,
  attach,
  Confirmation,
  check,
  confirmRules,
  detach,
  listRules,
  listSet,
  removeFromSet,
  removeRules,
  stats,
  status,
  UndoableRules,
} from "../../src/index.ts";
import { underLoad } from "./under-load.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

/** `[name, expression, action]` of each rule. */
function ruleSet(rules: readonly (readonly [string, string, string])[], top: object = {}): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ ...top, rules: entries }), "rules.json").rules;
}

/** The load, which is none of what the guard keeps. */
const LOAD = "udp and not dst port 68 and not dst port 546";
const NO_DISCARD = ruleSet([["discard", "udp and dst port 9", "drop"]]);

/** Packets of each rule, and of none. */
function counted(veth: WatchedVeth): Readonly<Record<string, bigint>> {
  const { rules, default: byDefault } = veth.inside(() => listRules(veth.name));
  return Object.fromEntries([...rules.map(({ name, packets }) => [name, packets]), ["default", byDefault.packets]]);
}

/** Datagrams that the receiver's stack got. */
function arrived(veth: WatchedVeth): number {
  const lines = veth.receiver
    .run("cat", ["/proc/net/snmp"])
    .split("\n")
    .filter((line) => line.startsWith("Udp:"));
  const [names = [], values = []] = lines.map((line) => line.split(" "));
  const [to, none] = [names.indexOf("InDatagrams"), names.indexOf("NoPorts")];
  return Number(values[to]) + Number(values[none]);
}

describe.skipIf(requireRoot())("rules on an interface", () => {
  test("drop what they match before the stack sees it, and count it", () => {
    using veth = watchedVeth();
    const rules = ruleSet([
      ["seen", "udp", "count"],
      ["small", "udp and dst port 9 and less 60", "drop"],
      ["rest", "udp and dst port 9", "pass"],
    ]);
    veth.inside(() => applyRules([veth.name], rules, { mode: "drv", idle: 0 }));
    veth.send(20);
    veth.send(30, 100);
    expect(counted(veth)).toMatchObject({ seen: 50n, small: 20n, rest: 30n });
    expect(arrived(veth)).toBe(30);
    const { connections } = veth.inside(() => stats(veth.name));
    expect(connections.map(({ packets, drops }) => [packets, drops])).toEqual([[50n, 20n]]);
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true });
    veth.inside(() => detach(veth.name));
  });

  test("drop by default what no rule passes", () => {
    using veth = watchedVeth();
    const rules = ruleSet(
      [
        ["arp", "arp", "pass"],
        ["discovery", "icmp6 and ip6[40] >= 133 and ip6[40] <= 136", "pass"],
        ["dhcp", "udp and (dst port 68 or dst port 546)", "pass"],
      ],
      { default: "drop" },
    );
    veth.inside(() => applyRules([veth.name], rules));
    veth.send(10);
    expect(counted(veth)).toMatchObject({ default: 10n });
    expect(arrived(veth)).toBe(0);
    veth.inside(() => detach(veth.name));
  });

  test("go on counting by their names when others are applied, and where they come back", () => {
    using veth = watchedVeth();
    const apply = (...rules: (readonly [string, string, string])[]) =>
      veth.inside(() => applyRules([veth.name], ruleSet(rules)));
    apply(["one", "udp", "count"], ["two", "udp and dst port 9", "drop"]);
    veth.send(10);
    apply(["two", "udp and dst port 9", "drop"], ["three", "udp", "count"]);
    veth.send(5);
    expect(counted(veth)).toMatchObject({ two: 15n, three: 0n });
    veth.inside(() => attach(veth.name, { replace: true }));
    apply(["one", "udp", "count"]);
    veth.send(1);
    expect(counted(veth)).toMatchObject({ one: 11n });
    veth.inside(() => removeRules(veth.name));
    expect(() => veth.inside(() => listRules(veth.name))).toThrow("has no rules");
    veth.send(2);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(18n);
    veth.inside(() => detach(veth.name));
  });

  test("ask sets, which stay when rules are changed one by one, and come back when rules are taken back", () => {
    using veth = watchedVeth();
    const asking = (entries: readonly string[], ...more: (readonly [string, string, string])[]) =>
      ruleSet([["listed", "src in @senders and dst port in @services", "drop"], ...more], {
        sets: { senders: entries, services: ["7-9", "53"] },
      });
    veth.inside(() => applyRules([veth.name], asking(["192.0.2.0/24", "2001:db8::/32"])));
    veth.send(10);
    expect(counted(veth)).toMatchObject({ listed: 10n });
    expect(arrived(veth)).toBe(0);
    veth.inside(() => attach(veth.name, { replace: true }));
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 11n });
    // Others in the file, which are taken back.
    veth.inside(() => {
      using applied = new UndoableRules([veth.name], asking(["198.51.100.0/24"], ["more", "tcp", "count"]));
      veth.send(2);
      expect(counted(veth)).toMatchObject({ listed: 11n, more: 0n });
      applied.undo();
    });
    veth.send(4);
    expect(counted(veth)).toMatchObject({ listed: 15n });
    veth.inside(() => applyRules([veth.name], asking([], ["more", "tcp", "count"]), { sets: "present" }));
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 16n, more: 0n });
    veth.inside(() => detach(veth.name));
  });

  test("ask sets that are changed while frames come, also beyond the room that they have", async () => {
    using veth = watchedVeth();
    const rules = ruleSet([["listed", "udp and src in @senders", "drop"]], { sets: { senders: ["203.0.113.0/24"] } });
    const entries = (...texts: readonly string[]) =>
      texts.map((text) => {
        const entry = entryOf(text);
        if (entry.kind === "mistake") throw new Error(entry.message);
        return entry;
      });
    const add = (texts: readonly string[], seconds?: number) =>
      veth.inside(() => addToSet(veth.name, "senders", entries(...texts), { seconds }));
    const texts = () => veth.inside(() => listSet(veth.name, "senders")).map(({ text }) => text);
    veth.inside(() => applyRules([veth.name], rules));
    const { programId } = veth.inside(() => status()).attached[0] ?? {};
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 0n });
    expect(add(["192.0.2.0/24", "203.0.113.0/24"])).toEqual({ changed: 1, unchanged: 1, renewed: 0 });
    veth.send(2);
    expect(counted(veth)).toMatchObject({ listed: 2n });
    expect(veth.inside(() => removeFromSet(veth.name, "senders", entries("192.0.2.0/24", "192.0.2.0/25")))).toEqual({
      changed: 1,
      unchanged: 1,
    });
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 2n });
    // One that ends by itself.
    expect(add(["192.0.0.0/16"], 1.5)).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
    veth.send(3);
    expect(counted(veth)).toMatchObject({ listed: 5n });
    expect(texts()).toEqual(["203.0.113.0/24", "192.0.0.0/16"]);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 5n });
    expect(texts()).toEqual(["203.0.113.0/24"]);
    expect(veth.inside(() => status()).attached[0]?.programId).toBe(programId);
    // Far more than there was room for: the set is made anew, and what ends still does.
    add(["192.0.2.0/24"], 60);
    const many = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.${(index * 7) & 255}`);
    expect(add(many)).toEqual({ changed: 20_000, unchanged: 0, renewed: 0 });
    veth.send(2);
    expect(counted(veth)).toMatchObject({ listed: 7n });
    expect(texts()).toHaveLength(20_002);
    expect(() => veth.inside(() => addToSet(veth.name, "nothere", []))).toThrow("they have senders");
    expect(() => add(["53"])).toThrow("has addresses, and among the entries are ports");
    veth.inside(() => detach(veth.name));
  });

  test("have sets that grow with entries that end, and lose what is in them as both", () => {
    using veth = watchedVeth();
    const sets = { senders: { kind: "addresses", entries: ["203.0.113.0/24"] } };
    const listed = "src in @senders and udp dst port 9";
    veth.inside(() => applyRules([veth.name], ruleSet([["listed", listed, "count"]], { sets })));
    const entries = (texts: readonly string[]) =>
      texts.map((text) => {
        const entry = entryOf(text);
        if (entry.kind === "mistake") throw new Error(entry.message);
        return entry;
      });
    const add = (texts: readonly string[], seconds?: number) =>
      veth.inside(() => addToSet(veth.name, "senders", entries(texts), { seconds }));
    for (let batch = 0; batch < 8; batch++) {
      const texts = Array.from({ length: 500 }, (_, index) => `10.${batch}.${index >> 8}.${index & 255}`);
      expect(add(texts, 3600)).toEqual({ changed: 500, unchanged: 0, renewed: 0 });
    }
    expect(add(["192.0.2.0/24"], 3600)).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
    veth.send(2);
    expect(counted(veth)).toMatchObject({ listed: 2n });
    const all = veth.inside(() => listSet(veth.name, "senders"));
    expect(all).toHaveLength(4002);
    expect(all.filter(({ ends }) => ends === undefined)).toEqual([{ text: "203.0.113.0/24", ends: undefined }]);
    // One length more than there can be, and a larger set is no help.
    const lengths = Array.from({ length: 7 }, (_, index) => `11.0.0.0/${9 + index}`);
    expect(() => add(lengths, 3600)).toThrow("eight different lengths");
    expect(add(["192.0.2.0/24"])).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
    expect(veth.inside(() => removeFromSet(veth.name, "senders", entries(["192.0.2.0/24"])))).toEqual({
      changed: 1,
      unchanged: 0,
    });
    veth.send(1);
    expect(counted(veth)).toMatchObject({ listed: 2n });
    veth.inside(() => detach(veth.name));
  });

  test("are on all interfaces or on none", () => {
    using veth = watchedVeth();
    expect(() => veth.inside(() => applyRules([veth.name, "nothere"], NO_DISCARD))).toThrow("nothere");
    expect(() => veth.inside(() => listRules(veth.name))).toThrow("not attached");
    veth.inside(() => applyRules([veth.name], NO_DISCARD));
    veth.receiver.run("ip", ["link", "add", "down0", "type", "veth", "peer", "name", "down1"]);
    const other = ruleSet([["other", "tcp", "drop"]]);
    expect(() => veth.inside(() => applyRules([veth.name, "down0"], other))).toThrow("down0");
    expect(Object.keys(counted(veth))).toEqual(["discard", "default"]);
    veth.inside(() => detach(veth.name));
  });

  test("are refused where they cut off whoever applies them, and nothing is changed", () => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], NO_DISCARD));
    const session = { source: "192.0.2.7", sourcePort: 50_000, destination: "192.0.2.1", destinationPort: 22 };
    const refused = (rules: RuleSet) => () => veth.inside(() => applyRules([veth.name], rules, { session }));
    expect(refused(ruleSet([["all", "", "drop"]]))).toThrow(/ARP: rule "all".*your session from 192\.0\.2\.7/s);
    expect(refused(ruleSet([["ssh", "dst port 22", "drop"]]))).toThrow(/your session.*: rule "ssh"/s);
    expect(refused(ruleSet([["me", "src net 192.0.2.0/24 and tcp", "drop"]]))).toThrow('rule "me"');
    expect(refused(ruleSet([["web", "tcp port 80", "drop"]]))).not.toThrow();
    expect(refused(ruleSet([], { default: "drop" }))).toThrow("no rule passes it");
    expect(Object.keys(counted(veth))).toEqual(["web", "default"]);
    veth.inside(() => applyRules([veth.name], ruleSet([["all", "", "drop"]]), { guard: false }));
    veth.inside(() => detach(veth.name));
  });

  test("are refused by what is in live sets, which the file of the rules does not say", () => {
    using veth = watchedVeth();
    const session = { source: "192.0.2.7", sourcePort: 50_000, destination: "192.0.2.1", destinationPort: 22 };
    const sets = { listed: ["203.0.113.0/24"], admins: ["203.0.113.9"] };
    const entry = entryOf("192.0.2.0/24");
    if (entry.kind === "mistake") throw new Error(entry.message);
    const change = (rules: RuleSet) => () =>
      veth.inside(() => applyRules([veth.name], rules, { session, sets: "present" }));
    // As the rules on an interface are when one is added: without what is in their sets.
    const noEntries = {
      sets: { listed: { kind: "addresses", entries: [] }, admins: { kind: "addresses", entries: [] } },
    };
    const blocking = ruleSet([["blocked", "src in @listed", "drop"]], noEntries);
    const keeping = ruleSet(
      [
        ["admins", "src in @admins", "pass"],
        ["other-ports", "tcp", "drop"],
      ],
      noEntries,
    );
    veth.inside(() =>
      applyRules([veth.name], ruleSet([["seen", "src in @listed or src in @admins", "count"]], { sets })),
    );
    expect(change(blocking)).not.toThrow();
    expect(change(keeping)).toThrow(/your session.*: rule "other-ports"/s);
    veth.inside(() => addToSet(veth.name, "admins", [entry]));
    expect(change(keeping)).not.toThrow();
    // Also where an entry ends by itself.
    veth.inside(() => addToSet(veth.name, "listed", [entry], { seconds: 60 }));
    expect(change(blocking)).toThrow(/your session.*: rule "blocked"/s);
    expect(Object.keys(counted(veth))).toEqual(["admins", "other-ports", "default"]);
    // A file says what is in its sets.
    expect(() => veth.inside(() => applyRules([veth.name], blocking, { session }))).not.toThrow();
    veth.inside(() => detach(veth.name));
  });

  test("are confirmed or taken back, never both, whoever is first", () => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], ruleSet([["one", LOAD, "drop"]])));
    using first = veth.inside(() => new Confirmation(veth.name, 30));
    veth.inside(() => confirmRules(veth.name));
    expect([first.state, first.refuse(), first.state]).toEqual(["given", false, "given"]);
    expect(() => veth.inside(() => confirmRules(veth.name))).toThrow("no rules wait to be confirmed");

    using second = veth.inside(() => new Confirmation(veth.name, 30));
    expect([second.state, second.refuse(), second.state]).toEqual(["awaited", true, "gone"]);
    expect(() => veth.inside(() => confirmRules(veth.name))).toThrow("no rules wait to be confirmed");

    // Others are not put in their place meanwhile, for they would be taken back with them.
    using third = veth.inside(() => new Confirmation(veth.name, 30));
    const other = () => veth.inside(() => applyRules([veth.name], ruleSet([["two", LOAD, "drop"]])));
    expect(other).toThrow(/the rules on \S+ wait to be confirmed, for (29|30) s more; nothing was changed\n/);
    expect(() => veth.inside(() => removeRules(veth.name))).toThrow("wait to be confirmed");
    expect([third.state, Object.keys(counted(veth))]).toEqual(["awaited", ["one", "default"]]);
    third.refuse();
    // Where whoever waited was killed, nobody takes anything back.
    using _late = veth.inside(() => new Confirmation(veth.name, -2));
    expect(other).not.toThrow();
    veth.inside(() => detach(veth.name));
  });

  test("are exchanged under load, and no frame meets neither", { timeout: 120_000 }, async () => {
    using veth = watchedVeth();
    const sets = ["one", "two"].map((name) =>
      ruleSet([
        ["other", "tcp", "pass"],
        [name, LOAD, "drop"],
      ]),
    );
    const exchange = (round: number) => {
      const rules = sets[round % 2];
      if (rules !== undefined) veth.inside(() => applyRules([veth.name], rules, { idle: 0 }));
    };
    exchange(0);
    const seconds = Number(process.env.WEIR_TEST_SECONDS ?? 12);
    const rate = Number(process.env.WEIR_TEST_RATE ?? 50_000);
    const { rounds, sent } = await underLoad(veth, { flows: 64, seconds, rate }, (round) => exchange(round + 1));
    // Those that are gone have kept what they counted.
    veth.inside(() =>
      applyRules([veth.name], ruleSet([...["one", "two"].map((name) => [name, LOAD, "drop"] as const)])),
    );
    const { one = 0n, two = 0n } = counted(veth);
    expect(one + two).toBe(BigInt(sent));
    expect(arrived(veth)).toBe(0);
    expect(one > 0n && two > 0n).toBe(true);
    expect(rounds).toBeGreaterThanOrEqual(20);
    expect(veth.inside(() => stats(veth.name)).connectionTotals.packets).toBe(BigInt(sent));
    veth.inside(() => detach(veth.name));
  });
});

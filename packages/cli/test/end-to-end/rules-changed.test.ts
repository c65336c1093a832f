/** Rules on an interface that are changed one by one, and their sets. */
import { setTimeout } from "node:timers/promises";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { WATCHED } from "./network.ts";
import { rulesNetwork } from "./rules-network.ts";
import { weir } from "./weir.ts";

const FILE = `sets: { listed: [198.51.100.7], services: [53] }
rules:
  - { name: listed, match: src in @listed, action: drop }
  - { name: services, match: dst port in @services, action: drop }
`;

/** A network where the rules are in force, and a way to say something of them. */
function inForce(text = FILE) {
  const net = rulesNetwork(text);
  const run = (...words: string[]) => weir(words, net.near);
  expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0, stderr: "" });
  return { ...net, run };
}

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("weir rules that are changed", () => {
  test("warn of what the new rule makes useless, and of a useless one", () => {
    using net = inForce();
    const add = (...words: string[]) => net.run("rules", "add", WATCHED, ...words).stderr;
    expect(add("late", "drop", "udp port 53 and dst port in @services")).toBe(
      'weir: warning: the rule "late": it can never match: "services" decides for all of its frames\n',
    );
    expect(add("before", "drop", "dst port in @services or udp dst port 7", "--before", "services")).toContain(
      'weir: warning: the rule "services": it can never match: "before" decides for all of its frames\n',
    );
    expect(add("never", "drop", "udp and tcp")).toBe(
      'weir: warning: the rule "never": it matches no frame: its expression is never true\n',
    );
    expect(add("over", "pass", "tcp", "--until", "2020-01-01T00:00:00Z")).toBe(
      'weir: warning: the rule "over" has no effect any more: it ended at 2020-01-01T00:00:00.000Z\n',
    );
    expect(add("fine", "drop", "tcp dst port 23")).toBe("");
    expect(net.run("rules", "add", WATCHED, "fine", "drop", "tcp dst port 24")).toMatchObject({
      code: 2,
      stderr: `weir: there is a rule "fine" on ${WATCHED} already; nothing was changed\n`,
    });
  });

  test("say so where a rule is about every frame", () => {
    using net = inForce('rules: [ { name: all, match: "", action: count, ttl: 1h } ]\n');
    expect(net.run("rules", "list", WATCHED).stdout).toMatch(/^all +count .*\(every frame\)$/m);
    net.write("rules: [ { name: all, match: udp, action: count } ]\n");
    expect(net.run("rules", "diff", net.file, WATCHED)).toMatchObject({
      code: 1,
      stdout: "- all: count (every frame), ttl 1h\n+ all: count udp\n",
    });
  });

  test("are refused by the guard for what they cut off besides, not for what is cut off", () => {
    using net = inForce();
    const add = (...words: string[]) => net.run("rules", "add", WATCHED, ...words);
    expect(add("deaf", "drop", "arp")).toMatchObject({ code: 31, stdout: "" });
    expect(add("deaf", "drop", "arp", "--no-guard")).toMatchObject({ code: 0 });
    expect(add("web", "pass", "tcp dst port 80", "--before", "deaf")).toMatchObject({ code: 0, stderr: "" });
    const more = add("long", "drop", "udp and len > 300 or icmp6 or arp", "--before", "listed");
    expect(more.code).toBe(31);
    expect(more.stderr).toContain('  neighbour discovery: rule "long"\n  DHCP: rule "long"\n  Put');
    expect(net.run("rules", "remove", WATCHED, "deaf")).toMatchObject({ code: 0 });
    expect(add("deaf", "drop", "arp")).toMatchObject({ code: 31 });
  });

  test("have sets whose entries end, and are not there then", async () => {
    using net = inForce();
    const set = (...words: string[]) => net.run("set", ...words).stdout;
    expect(set("add", "listed", "192.0.2.7", "--ttl", "1h")).toBe(`Added one entry to @listed on ${WATCHED}.\n`);
    expect(set("add", "listed", "192.0.2.7", "192.0.2.8", "--ttl", "1s")).toBe(
      `Added one entry to @listed on ${WATCHED}; one was there, and ends at the new time.\n`,
    );
    await setTimeout(1500);
    expect(set("add", "listed", "192.0.2.7", "--ttl", "1h")).toBe(`Added one entry to @listed on ${WATCHED}.\n`);
    expect(set("remove", "listed", "192.0.2.7", "192.0.2.8")).toBe(
      `Removed one entry from @listed on ${WATCHED}; one was not there.\n`,
    );
    expect(net.run("set", "add", "services", "010")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"010" begins with a zero'),
    });
  });
});

import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { sendUdp, WATCHED } from "./network.ts";
import { rulesNetwork } from "./rules-network.ts";
import { RunningWeir, weir } from "./weir.ts";

const FILE = `# What this host wants
rules:
  - { name: seen, match: udp, action: count, comment: all of it }
  - { name: echo, match: udp and dst port 7, action: drop }
`;

const prepared = (text = FILE) => rulesNetwork(text);

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("weir rules", () => {
  test("are applied, listed, changed one by one and taken off", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    expect(run("rules", "list", WATCHED)).toMatchObject({ code: 11 });
    expect(run("rules", "diff", net.file, WATCHED)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("+ echo: drop udp and dst port 7"),
    });
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining(`Applied 2 rules to ${WATCHED} in mode drv`),
    });
    expect(run("rules", "diff", net.file, WATCHED)).toMatchObject({ code: 0, stdout: "" });
    await sendUdp(net.far, 5);
    const { stdout } = run("rules", "list", WATCHED);
    expect(stdout).toMatch(/^seen +count +5 +500 B .* udp {2}# all of it$/m);
    expect(stdout).toMatch(/^echo +drop +5 +500 B .* udp and dst port 7$/m);
    expect(JSON.parse(run("rules", "list", WATCHED, "--json").stdout)).toMatchObject({
      interface: WATCHED,
      rules: [
        { name: "seen", action: "count", packets: 5, bytes: 500 },
        { name: "echo", action: "drop", packets: 5 },
      ],
      default: { action: "pass" },
    });
    expect(run("stats", WATCHED).stdout).toMatch(/^udp .* 5 +500 B +5 /m);

    expect(run("drop", WATCHED, "tcp", "port", "23")).toMatchObject({ code: 0 });
    expect(run("rules", "add", WATCHED, "ok", "pass", "udp and dst port 7", "--before", "echo")).toMatchObject({
      code: 0,
    });
    await sendUdp(net.far, 2);
    const listed = JSON.parse(run("rules", "list", WATCHED, "--json").stdout);
    expect(listed.rules.map(({ name, packets }: { name: string; packets: number }) => [name, packets])).toEqual([
      ["seen", 7],
      ["ok", 2],
      ["echo", 5],
      ["drop-1", 0],
    ]);
    expect(run("rules", "diff", net.file, WATCHED).stdout).toBe(
      "- ok: pass udp and dst port 7\n- drop-1: drop tcp port 23\n",
    );
    expect(run("rules", "remove", WATCHED, "ok", "drop-1")).toMatchObject({ code: 0 });
    expect(run("rules", "diff", net.file, WATCHED)).toMatchObject({ code: 0 });
    expect(run("rules", "remove", WATCHED, "--all")).toMatchObject({ code: 0 });
    expect(run("rules", "list", WATCHED)).toMatchObject({ code: 30 });
    expect(JSON.parse(run("stats", WATCHED, "--json").stdout).counters.udp).toBe(7);
  });

  test("ask sets, which are changed while they are in force", async () => {
    using net = prepared(
      "sets: { friends: [198.51.100.7] }\nrules: [ { name: known, match: src in @friends, action: count } ]\n",
    );
    const run = (...words: string[]) => weir(words, net.near);
    expect(run("set", "add", "friends", "192.0.2.2")).toMatchObject({ code: 30 });
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    expect(run("set", "add", "friends", "192.0.2.2", "2001:db8::/32")).toMatchObject({
      code: 0,
      stdout: `Added 2 entries to @friends on ${WATCHED}.\n`,
    });
    expect(run("set", "add", "friends", "203.0.113.0/24", "--ttl", "1h", "--interface", WATCHED)).toMatchObject({
      code: 0,
    });
    expect(run("set", "list", "friends").stdout).toMatch(
      /^192\.0\.2\.2\n198\.51\.100\.7\n2001:db8::\/32\n203\.0\.113\.0\/24 {2}# ends in (59 min|1 h).*\n$/,
    );
    await sendUdp(net.far, 3);
    expect(JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules[0].packets).toBeGreaterThanOrEqual(3);
    expect(run("set", "remove", "friends", "192.0.2.2", "10.0.0.0/8").stdout).toBe(
      `Removed one entry from @friends on ${WATCHED}; one was not there.\n`,
    );
    expect(run("set", "add", "friends", "10.0.0.1/8")).toMatchObject({ code: 2 });
    expect(run("set", "add", "friends", "80")).toMatchObject({ code: 2 });
    expect(run("set", "list", "nothere")).toMatchObject({
      code: 2,
      stderr: `weir: no interface has rules with a set "nothere"; there are: ${WATCHED} friends\n`,
    });
    expect(JSON.parse(run("set", "list", "friends", "--json").stdout)).toMatchObject([
      {
        interface: WATCHED,
        entries: [{ text: "198.51.100.7" }, { text: "2001:db8::/32" }, { text: "203.0.113.0/24" }],
      },
    ]);
  });

  test("that drop the session by a set which was changed are refused", () => {
    using net = prepared(
      "sets: { banned: [198.51.100.7] }\nrules: [ { name: seen, match: src in @banned, action: count } ]\n",
    );
    const session = { SSH_CONNECTION: "192.0.2.7 50000 192.0.2.1 22" };
    const run = (...words: string[]) => weir(words, net.near, session);
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    expect(run("set", "add", "banned", "192.0.2.7")).toMatchObject({ code: 0 });
    expect(run("drop", WATCHED, "src in @banned")).toMatchObject({
      code: 31,
      stderr: expect.stringContaining('your session from 192.0.2.7 port 50000: rule "drop-1"'),
    });
    expect(run("set", "remove", "banned", "192.0.2.7")).toMatchObject({ code: 0 });
    expect(run("drop", WATCHED, "src in @banned")).toMatchObject({ code: 0 });
  });

  test("with limits say what was above the rate", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    net.write("rules: [ { name: few, match: udp, action: { limit: { rate: 1/h, burst: 3, per: source/24 } } } ]\n");
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0, stderr: "" });
    await sendUdp(net.far, 5);
    const { stdout } = run("rules", "list", WATCHED);
    expect(stdout).toMatch(/^RULE +ACTION +PACKETS +BYTES +ABOVE THE RATE +LAST +MATCH$/m);
    expect(stdout).toMatch(/^few +limit 1\/h burst 3 per source\/24 +5 +500 B +2 .* udp$/m);
    expect(JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules).toMatchObject([
      { name: "few", action: "limit", limit: { rate: "1/h", burst: "3", per: "source/24" }, packets: 5 },
    ]);
    const words = ["rules", "add", WATCHED, "flows", "limit", "udp", "--rate", "1000/s", "--per", "flow"];
    expect(run(...words, "--before", "few")).toMatchObject({ code: 0, stderr: "" });
    await sendUdp(net.far, 2);
    const listed = JSON.parse(run("rules", "list", WATCHED, "--json").stdout);
    expect(listed.rules).toMatchObject([
      { name: "flows", packets: 2, over: { packets: 0, bytes: 0 }, untracked: 0, contended: 0 },
      // It goes on from what it was.
      { name: "few", packets: 7, over: { packets: 4, bytes: 400 } },
    ]);
    expect(run("rules", "diff", net.file, WATCHED).stdout).toBe("- flows: limit 1000/s per flow udp\n");
    expect(run("rules", "add", WATCHED, "x", "limit", "udp")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--rate 1000/s"),
    });
    expect(run("rules", "add", WATCHED, "x", "drop", "udp", "--rate", "1/s")).toMatchObject({ code: 2 });
  });

  test("with times begin and end by themselves, and say when", { timeout: 60_000 }, async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    const listed = () => JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules;
    net.write(
      `rules:
  - { name: week, match: udp, action: count, ttl: 7d }
  - { name: later, match: tcp port 23, action: drop, from: 2127-01-31T18:00:00Z, until: 2127-02-01T06:00:00+01:00 }
  - { name: since, match: icmp, action: count, from: 2020-01-31T18:00:00Z }
`,
    );
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0, stderr: "" });
    const end = listed()[0].window.ends;
    const before = Date.now();
    expect(run("drop", WATCHED, "udp", "dst", "port", "7", "--name", "echo", "--ttl", "6s")).toMatchObject({
      ...{ code: 0, stderr: "" },
    });
    await sendUdp(net.far, 3);
    const { stdout } = run("rules", "list", WATCHED);
    expect(stdout).toMatch(/^RULE +ACTION +PACKETS +BYTES +TIME +LAST +MATCH$/m);
    expect(stdout).toMatch(/^week +count +3 +300 B +ends in 6 d 23 h +\d+ s +udp$/m);
    expect(stdout).toMatch(/^later +drop +0 +0 B +begins in \d+ d \d\d h, ends in \d+ d \d\d h +never +tcp port 23$/m);
    expect(stdout).toMatch(/^since +count +0 +0 B +began \d+ d \d\d h ago +never +icmp$/m);
    expect(stdout).toMatch(/^echo +drop +3 +300 B +ends in [0-6] s +\d+ s +udp dst port 7$/m);
    expect(run("rules", "diff", net.file, WATCHED).stdout).toBe("- echo: drop udp dst port 7, ttl 6s\n");
    await expect.poll(() => listed()[3].window.state, { timeout: 20_000, interval: 200 }).toBe("ended");
    expect(Date.now() - before).toBeGreaterThanOrEqual(6000);
    await sendUdp(net.far, 2);
    expect(run("rules", "list", WATCHED).stdout).toMatch(/^echo +drop +3 +300 B +ended \d+ s ago .* udp dst port 7$/m);
    expect(listed()).toMatchObject([
      { name: "week", packets: 5, window: { state: "open" } },
      {
        name: "later",
        window: { state: "waiting", begins: "2127-01-31T18:00:00.000Z", ends: "2127-02-01T05:00:00.000Z" },
      },
      { name: "since", window: { state: "open", begins: "2020-01-31T18:00:00.000Z" } },
      { name: "echo", packets: 3, window: { state: "ended" } },
    ]);
    expect(run("rules", "remove", WATCHED, "--ended")).toMatchObject({
      ...{ code: 0, stdout: `Removed 1 rule from ${WATCHED}, which has 3 rules now.\n` },
    });
    expect(run("rules", "remove", WATCHED, "--ended")).toMatchObject({
      ...{ code: 0, stdout: `No rule on ${WATCHED} has ended.\n` },
    });
    expect(run("rules", "diff", net.file, WATCHED)).toMatchObject({ code: 0, stdout: "" });
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    expect(Math.abs(Date.parse(listed()[0].window.ends) - Date.parse(end))).toBeLessThanOrEqual(20);

    const guarded = run("rules", "add", WATCHED, "x", "drop", "arp", "--from", "2127-01-31T18:00:00Z");
    expect(guarded).toMatchObject({
      code: 31,
      stderr: expect.stringContaining('ARP: rule "x", from 2127-01-31T18:00:00Z on'),
    });
    for (const wrong of [
      ["--ttl", "soon"],
      ["--ttl", ""],
      ["--from", "2127-01-31"],
      ["--until", "18:00"],
    ]) {
      expect(run("drop", WATCHED, "tcp", ...wrong)).toMatchObject({ code: 21 });
    }
    expect(listed().map(({ name }: { name: string }) => name)).toEqual(["week", "later", "since"]);
  });

  test("that are wrong change nothing", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    const program = () => JSON.parse(run("status", "--json").stdout).attached[0].programId;
    const before = program();
    net.write("rules: [ { name: x, match: udp and dst prt 53, action: drop } ]\n");
    const wrong = run("rules", "apply", net.file, WATCHED);
    expect(wrong).toMatchObject({ code: 21, stderr: expect.stringMatching(/rules\.yaml:1:\d+/) });
    net.write("rules: [ { name: all, match: '', action: drop } ]\n");
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({
      code: 31,
      stderr: expect.stringContaining('ARP: rule "all"'),
    });
    expect(run("rules", "add", WATCHED, "x", "drop", "dst host 010.0.0.1")).toMatchObject({ code: 21 });
    expect(run("rules", "remove", WATCHED, "nothere")).toMatchObject({ code: 2 });
    expect(run("rules", "add", WATCHED, "x", "drop", "tcp", "--before", "nothere")).toMatchObject({ code: 2 });
    expect(run("rules", "confirm", WATCHED)).toMatchObject({ code: 30 });
    expect(program()).toBe(before);
  });

  test("are taken back unless they are confirmed", { timeout: 60_000 }, async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    const names = () =>
      JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules.map(({ name }: { name: string }) => name);
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    net.write("rules: [ { name: other, match: tcp port 23, action: drop } ]\n");
    {
      using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "--confirm", "8s"], net.near);
      await waiting.until(({ stdout }) => stdout.includes("taken back in 8 seconds"));
      expect(names()).toEqual(["unconfirmed", "other"]);
      // Which say nothing about the rules.
      expect(run("status")).toMatchObject({ code: 0 });
      expect(run("attach", WATCHED, "--replace")).toMatchObject({ code: 0 });
      // Whatever becomes of the interface.
      net.near.run("ip", ["link", "set", WATCHED, "down"]);
      // The session is cut off.
      waiting.process.kill("SIGHUP");
      expect(await waiting.exit).toEqual([1, null]);
      expect(waiting.stdout).toContain("Not confirmed");
      expect(names()).toEqual(["seen", "echo"]);
      net.near.run("ip", ["link", "set", WATCHED, "up"]);
    }
    {
      using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "--confirm", "30"], net.near);
      await waiting.until(({ stdout }) => stdout.includes("taken back"));
      expect(run("rules", "confirm", WATCHED)).toMatchObject({ code: 0 });
      expect(await waiting.exit).toEqual([0, null]);
      expect(waiting.stdout).toContain("Confirmed: they stay.");
      expect(names()).toEqual(["other"]);
    }
    {
      expect(run("detach", WATCHED)).toMatchObject({ code: 0 });
      using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "--confirm", "30"], net.near);
      await waiting.until(({ stdout }) => stdout.includes("taken back"));
      waiting.process.kill("SIGINT");
      await waiting.exit;
      expect(run("rules", "list", WATCHED)).toMatchObject({ code: 11 });
    }
  });

  test("are confirmed on each interface by itself", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    net.near.run("ip", ["link", "add", "other0", "type", "veth", "peer", "name", "other1"]);
    for (const end of ["other0", "other1"]) net.near.run("ip", ["link", "set", end, "up"]);
    using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "other0", "--confirm", "4"], net.near);
    await waiting.until(({ stdout }) => stdout.includes("taken back in 4 seconds"));
    expect(run("rules", "confirm", "other0")).toMatchObject({ code: 0, stdout: "The rules on other0 stay.\n" });
    // What is taken back goes by the interface, not by its name.
    net.near.run("ip", ["link", "set", WATCHED, "down"]);
    net.near.run("ip", ["link", "set", WATCHED, "name", "renamed0"]);
    expect(await waiting.exit).toEqual([1, null]);
    expect(waiting.stdout).toContain("Confirmed on other0: they stay there.");
    expect(waiting.stdout).toContain(`Not confirmed on ${WATCHED}: everything is as it was before there.`);
    expect(run("rules", "list", "other0")).toMatchObject({ code: 0 });
    expect(run("rules", "list", "renamed0")).toMatchObject({ code: 11 });
    expect(run("detach", "other0")).toMatchObject({ code: 0 });
  });

  test("are confirmed with others that were so before, and only then give way to others", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    net.near.run("ip", ["link", "add", "other0", "type", "veth", "peer", "name", "other1"]);
    for (const end of ["other0", "other1"]) net.near.run("ip", ["link", "set", end, "up"]);
    using waiting = new RunningWeir(["rules", "apply", net.file, "other0", WATCHED, "--confirm", "30"], net.near);
    await waiting.until(({ stdout }) => stdout.includes("taken back in 30 seconds"));
    for (const words of [
      ["apply", net.file, WATCHED],
      ["apply", net.file, WATCHED, "--confirm", "2"],
      ["remove", WATCHED, "--all"],
    ]) {
      const refused = run("rules", ...words);
      expect(refused).toMatchObject({ code: 32, stdout: "" });
      expect(refused.stderr).toMatch(
        /^weir: the rules on \S+ wait to be confirmed, for \d+ s more; nothing was changed\n/,
      );
    }
    expect(run("rules", "confirm", "other0")).toMatchObject({ code: 0 });
    const both = run("rules", "confirm", "other0", WATCHED, "other1");
    expect(both).toMatchObject({ code: 30, stdout: `The rules on ${WATCHED} stay.\n` });
    expect(both.stderr).toContain("no rules wait to be confirmed on other0");
    expect(both.stderr).toContain("other1");
    expect(await waiting.exit).toEqual([0, null]);
    expect(waiting.stdout).toContain("Confirmed: they stay.");
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0 });
    expect(run("detach", "other0")).toMatchObject({ code: 0 });
  });

  test("have sets that are changed on each interface, or told where not", () => {
    using net = prepared(
      "sets: { listed: [192.0.2.7] }\nrules: [ { name: listed, match: src in @listed, action: drop } ]\n",
    );
    const run = (...words: string[]) => weir(words, net.near);
    net.near.run("ip", ["link", "add", "other0", "type", "veth", "peer", "name", "other1"]);
    for (const end of ["other0", "other1"]) net.near.run("ip", ["link", "set", end, "up"]);
    expect(run("rules", "apply", net.file, WATCHED, "other0")).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout, stderr } = run("set", "add", "listed", "23");
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/among the entries are ports; nothing was changed\n {2}That is of \w+\.\n$/);
    // The guard keeps neighbour discovery on the one, and the other passes it before.
    writeFileSync(
      net.file,
      `sets: { listed: [192.0.2.7] }
rules: [ { name: near, match: "arp or icmp6 or udp port 68 or udp port 546", action: pass }, { name: listed, match: src in @listed, action: drop } ]
`,
    );
    expect(run("rules", "apply", net.file, WATCHED)).toMatchObject({ code: 0, stderr: "" });
    const [first = "", last = ""] = JSON.parse(run("status", "--json").stdout).attached.map(
      ({ interface: name }: { interface: string }) => name,
    );
    const half = run("set", "add", "listed", "fe80::/10");
    expect(half.code).toBe(31);
    const isAfter = last === "other0";
    expect(half.stdout).toBe(isAfter ? `Added one entry to @listed on ${first}.\n` : "");
    expect(half.stderr).toContain(`That is of other0${isAfter ? `; what was asked for is done on ${first}` : ""}.`);
    for (const name of ["other0", WATCHED]) expect(run("detach", name)).toMatchObject({ code: 0 });
  });

  test("are all there when several are added at once, also where there were none", async () => {
    using net = prepared();
    const all = ["one", "two", "three", "four"];
    using waiting = new DisposableStack();
    const adding = all.map((name, index) =>
      waiting.use(new RunningWeir(["drop", WATCHED, "--name", name, `tcp port ${2000 + index}`], net.near)),
    );
    for (const each of adding) expect([await each.exit, each.stderr]).toEqual([[0, null], ""]);
    const { rules } = JSON.parse(weir(["rules", "list", WATCHED, "--json"], net.near).stdout);
    expect(rules.map(({ name }: { name: string }) => name).toSorted()).toEqual(all.toSorted());
  });

  test("have sets in which all is that several add at once, also where they grow", async () => {
    using net = prepared("sets: { senders: [] }\nrules: [ { name: listed, match: src in @senders, action: drop } ]\n");
    expect(weir(["rules", "apply", net.file, WATCHED], net.near)).toMatchObject({ code: 0, stderr: "" });
    using waiting = new DisposableStack();
    const adding = [1, 2, 3, 4].map((first) => {
      const entries = Array.from({ length: 1200 }, (_, index) => `10.${first}.${index >> 8}.${index & 255}`);
      return waiting.use(new RunningWeir(["set", "add", "senders", ...entries, "--interface", WATCHED], net.near));
    });
    for (const each of adding) expect([await each.exit, each.stderr]).toEqual([[0, null], ""]);
    const { stdout } = weir(["set", "list", "senders", "--interface", WATCHED, "--json"], net.near);
    expect(JSON.parse(stdout)[0].entries).toHaveLength(4800);
  });

  test("end in the kernel when nobody is left to take them back, or stay where that is wanted", async () => {
    using net = prepared("rules: [ { name: echo, match: udp and dst port 7, action: drop } ]\n");
    const run = (...words: string[]) => weir(words, net.near);
    const packets = () => {
      const { rules } = JSON.parse(run("rules", "list", WATCHED, "--json").stdout);
      return Object.fromEntries(rules.map((rule: { name: string; packets: number }) => [rule.name, rule.packets]));
    };
    const applied = async () => {
      using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "--confirm", "1s"], net.near);
      await waiting.until(({ stdout }) => stdout.includes("taken back in 1 second"));
      waiting.process.kill("SIGKILL");
      await waiting.exit;
    };
    await applied();
    expect(Object.keys(packets())).toEqual(["unconfirmed", "echo"]);
    await setTimeout(12_000);
    await sendUdp(net.far, 3);
    const { unconfirmed, echo } = packets();
    expect(echo).toBe(0);
    // Whatever else came, too.
    expect(unconfirmed).toBeGreaterThanOrEqual(3);
    // Late, but not too late.
    expect(run("rules", "confirm", WATCHED)).toMatchObject({ code: 0, stderr: "" });
    await sendUdp(net.far, 4);
    expect(packets()).toEqual({ echo: 4 });
    expect(run("rules", "confirm", WATCHED)).toMatchObject({ code: 30 });

    net.write("fail: closed\nrules: [ { name: echo, match: udp and dst port 7, action: drop } ]\n");
    await applied();
    await setTimeout(12_000);
    await sendUdp(net.far, 2);
    expect(packets()).toEqual({ echo: 6 });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Network, network, sendUdp, WATCHED } from "./network.ts";
import { RunningWeir, weir } from "./weir.ts";

const FILE = `# What this host wants
rules:
  - { name: seen, match: udp, action: count, comment: all of it }
  - { name: echo, match: udp and dst port 7, action: drop }
`;

/** A file with rules, and a network. */
function prepared(text = FILE): Network & { readonly file: string; readonly write: (text: string) => void } {
  const directory = mkdtempSync(join(tmpdir(), "weir-rules-"));
  const file = join(directory, "rules.yaml");
  const write = (content: string) => writeFileSync(file, content);
  write(text);
  const net = network();
  return {
    ...net,
    file,
    write,
    [Symbol.dispose]: () => {
      weir(["detach", WATCHED], net.near);
      net[Symbol.dispose]();
      rmSync(directory, { recursive: true });
    },
  };
}

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
    expect(run("set", "list", "nothere")).toMatchObject({ code: 30 });
    expect(JSON.parse(run("set", "list", "friends", "--json").stdout)).toMatchObject([
      {
        interface: WATCHED,
        entries: [{ text: "198.51.100.7" }, { text: "2001:db8::/32" }, { text: "203.0.113.0/24" }],
      },
    ]);
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
      using waiting = new RunningWeir(["rules", "apply", net.file, WATCHED, "--confirm", "4s"], net.near);
      await waiting.until(({ stdout }) => stdout.includes("taken back in 4 seconds"));
      expect(names()).toEqual(["other"]);
      // The session is cut off.
      waiting.process.kill("SIGHUP");
      expect(await waiting.exit).toEqual([0, null]);
      expect(waiting.stdout).toContain("Not confirmed");
      expect(names()).toEqual(["seen", "echo"]);
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
});

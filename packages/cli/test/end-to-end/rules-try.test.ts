/** Rules that are tried before they are applied: on what comes in, or on a capture. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { linkText, type Network, network, sendUdp, WATCHED } from "./network.ts";
import { writePcap } from "./pcap-file.ts";
import { RunningWeir, weir } from "./weir.ts";

const ECHO = "rules: [ { name: echo, match: udp and dst port 7, action: drop } ]\n";
const NO_SSH = "rules: [ { name: ssh, match: tcp dst port 22, action: drop } ]\n";
const SESSION = { SSH_CONNECTION: "192.0.2.2 50000 192.0.2.1 22" };

/** A folder with a file of rules. */
function rulesFile(text: string): Disposable & { readonly file: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "weir-try-"));
  const file = join(folder, "rules.yaml");
  writeFileSync(file, text);
  return { file, folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** What a command says while datagrams come in. */
async function during(net: Network, words: readonly string[], datagrams: number) {
  using running = new RunningWeir(words, net.near);
  await running.until(() => linkText(net.near).includes("xdp"));
  await sendUdp(net.far, datagrams);
  const [code] = await running.exit;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("weir rules try", () => {
  test("says what rules would do with what comes in, and changes nothing", async () => {
    using net = network();
    using rules = rulesFile(ECHO);
    const said = await during(net, ["rules", "try", rules.file, WATCHED, "--seconds", "6s"], 40);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toMatch(new RegExp(`^${WATCHED}: \\d+ frames came in within \\d+\\.\\d s\n`));
    expect(said.stdout).toMatch(/^Would drop \d+ % of them: 40 frames, 4\.00 kB\.$/m);
    expect(said.stdout).toMatch(/^echo +drop +40 +4\.00 kB +\d+ %$/m);
    expect(said.stdout).toMatch(/^udp +192\.0\.2\.2:20000 +192\.0\.2\.1:7 +40 +4\.00 kB$/m);
    expect(linkText(net.near)).not.toContain("xdp");
    const json = await during(net, ["rules", "try", rules.file, WATCHED, "--seconds", "6", "--json"], 5);
    expect(JSON.parse(json.stdout)).toMatchObject([
      {
        interface: WATCHED,
        lost: 0,
        dropped: { packets: 5, bytes: 500 },
        rules: [{ name: "echo", action: "drop", packets: 5, bytes: 500 }],
        cutOff: [],
        connections: [{ protocol: { name: "udp" }, source: "192.0.2.2", destinationPort: 7, packets: 5 }],
        otherDropped: { packets: 0, bytes: 0 },
      },
    ]);
    const { frames, seen } = JSON.parse(json.stdout)[0];
    expect(frames).toBe(seen);
  });

  test("says first what becomes of the session, and ends as applying would", () => {
    using net = network();
    using rules = rulesFile(NO_SSH);
    const run = (...words: string[]) => weir(words, net.near, SESSION);
    const cut = 'WOULD CUT OFF your session from 192.0.2.2 port 50000: by rule "ssh".';
    const refused = run("rules", "try", rules.file, WATCHED, "--seconds", "0.5");
    expect(refused).toMatchObject({ code: 31, stderr: expect.stringContaining("these rules are refused") });
    expect(refused.stdout.split("\n")[1]).toBe(cut);
    expect(run("rules", "try", rules.file, WATCHED, "--seconds", "0.5", "--no-guard")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(cut),
    });
    const applied = run("rules", "apply", rules.file, WATCHED, "--try", "0.5");
    expect(applied).toMatchObject({ code: 31, stdout: expect.stringContaining(cut) });
    expect(linkText(net.near)).not.toContain("xdp");
    writeFileSync(rules.file, ECHO);
    expect(run("rules", "try", rules.file, WATCHED, "--seconds", "0.5")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("\nYour session from 192.0.2.2 port 50000 stays.\n"),
    });
  });

  test("before applying refuses what would drop too much, and applies what would not", async () => {
    using net = network();
    using rules = rulesFile(ECHO);
    const apply = ["rules", "apply", rules.file, WATCHED, "--try", "6s", "--most"];
    const refused = await during(net, [...apply, "10%"], 50);
    expect(refused).toMatchObject({
      code: 31,
      stderr: expect.stringMatching(/they would drop \d+ % of the frames, and --most allows 10 %/),
      stdout: expect.stringContaining("Would drop"),
    });
    expect(linkText(net.near)).not.toContain("xdp");
    const json = await during(net, [...apply, "100%", "--json"], 50);
    expect(json).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject([{ interface: WATCHED, effect: { dropped: { packets: 50 } } }]);
    const names = JSON.parse(weir(["rules", "list", WATCHED, "--json"], net.near).stdout).rules;
    expect(names).toMatchObject([{ name: "echo" }]);
    expect(weir(["detach", WATCHED], net.near)).toMatchObject({ code: 0 });
  });

  test("ends at Ctrl-C, and leaves nothing attached", async () => {
    using net = network();
    using rules = rulesFile(ECHO);
    using running = new RunningWeir(["rules", "apply", rules.file, WATCHED, "--try", "60", "--mode", "skb"], net.near);
    await running.until(() => linkText(net.near).includes("xdpgeneric"));
    running.process.kill("SIGINT");
    expect(await running.exit).toEqual([130, null]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("is killed, and leaves nothing attached", async () => {
    using net = network();
    using rules = rulesFile(ECHO);
    using running = new RunningWeir(["rules", "try", rules.file, WATCHED, "--seconds", "60"], net.near);
    await running.until(() => linkText(net.near).includes("xdp"));
    running.process.kill("SIGKILL");
    await running.exit;
    await running.until(() => !linkText(net.near).includes("xdp"));
  });
});

describe("weir rules try --capture", () => {
  test("says what rules would do with the frames of a file", () => {
    using rules = rulesFile(ECHO);
    const capture = join(rules.folder, "some.pcap");
    const frame = (destinationPort: number) => ethernet().ipv4().udp({ destinationPort }).toBytes();
    writePcap(capture, [frame(7), frame(8), frame(7), frame(8)]);
    const run = (...words: string[]) => weir(["rules", "try", rules.file, ...words], undefined, SESSION);
    const said = run("--capture", capture);
    expect(said).toMatchObject({ code: 0, stderr: "" });
    expect(said.stdout).toContain("Would drop 50 % of them: 2 frames");
    expect(said.stdout).toContain("Your session from 192.0.2.2 port 50000 stays.");
    expect(JSON.parse(run("--capture", capture, "--json").stdout)).toMatchObject({ frames: 4, share: 0.5 });
    expect(run("--capture", capture, "--most", "49%")).toMatchObject({ code: 31 });
    writeFileSync(rules.file, "rules: [ { name: seen, match: udp, action: count } ]\n");
    expect(run("--capture", capture)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Would drop none of them."),
    });
    writeFileSync(rules.file, ECHO);
    expect(run("--capture", capture, "--most", "50%")).toMatchObject({ code: 0 });
    for (const words of [[], ["--capture", capture, WATCHED], ["--capture", capture, "--seconds", "1"]]) {
      expect(run(...words)).toMatchObject({ code: 2 });
    }
    for (const words of [
      ["--seconds", "0"],
      ["--seconds", "61"],
      ["--most", "101%"],
    ]) {
      expect(run(WATCHED, ...words)).toMatchObject({ code: 2 });
    }
    expect(weir(["rules", "apply", rules.file, WATCHED, "--most", "5%"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--try 3s"),
    });
  });
});

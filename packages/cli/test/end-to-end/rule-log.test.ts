import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Network, network, sendUdp, WATCHED } from "./network.ts";
import { RunningWeir, weir } from "./weir.ts";

const FILE = `rules:
  - { name: echo-seen, match: udp and dst port 7, action: { log: { rate: 1/h, burst: 5 } } }
  - { name: echo-taken, match: udp and dst port 7, action: sample }
  - { name: echo, match: udp and dst port 7, action: drop }
`;

/** Rules in force, and a folder for files. */
function prepared(): Network & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "weir-rule-log-"));
  const file = join(folder, "rules.yaml");
  writeFileSync(file, FILE);
  const net = network();
  expect(weir(["rules", "apply", file, WATCHED], net.near)).toMatchObject({ code: 0, stderr: "" });
  return {
    ...net,
    folder,
    [Symbol.dispose]: () => {
      weir(["detach", WATCHED], net.near);
      net[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

describe.skipIf(requireRoot() ?? requireTool("ip", "nsenter"))("rules that report", () => {
  test("log frames for weir rules log, until Ctrl-C, with what was not logged", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    await sendUdp(net.far, 2);
    using reading = new RunningWeir(["rules", "log", WATCHED], net.near);
    await reading.until(({ stdout }) => stdout.split("\n").length === 3);
    expect(run("rules", "log", WATCHED)).toMatchObject({ code: 8, stderr: expect.stringContaining("another process") });
    await sendUdp(net.far, 7);
    await reading.until(({ stdout }) => stdout.split("\n").length === 6);
    for (const line of reading.stdout.trim().split("\n")) {
      expect(line).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{9}Z drop echo-seen udp 192\.0\.2\.2:\d+ > 192\.0\.2\.1:7 100 B$/,
      );
    }
    reading.process.kill("SIGINT");
    expect(await reading.exit).toEqual([0, null]);
    expect(reading.stderr).toContain(
      `${WATCHED}: 5 frames; not logged meanwhile: 4 above the rate of their rule, 0 for which the buffer had no room`,
    );
    const listed = run("rules", "list", WATCHED);
    expect(listed.stdout).toMatch(/^echo-seen +log 1\/h +9 +900 B +4 +0 /m);
    expect(JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules).toMatchObject([
      {
        name: "echo-seen",
        action: "log",
        log: { rate: "1/h" },
        packets: 9,
        over: { packets: 4, bytes: 400 },
        noRoom: 0,
      },
      { name: "echo-taken", action: "sample", packets: 9 },
      { name: "echo", action: "drop", packets: 9 },
    ]);
  });

  test("log frames as JSON, so many as are asked for, and leave the others to the next reader", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    await sendUdp(net.far, 4);
    const [first, ...others] = run("rules", "log", WATCHED, "--json", "--count", "3").stdout.trim().split("\n");
    expect(others).toHaveLength(2);
    expect(JSON.parse(first ?? "")).toMatchObject({
      ...{ rule: "echo-seen", verdict: "drop", length: 100, etherType: 2048, protocol: { number: 17, name: "udp" } },
      ...{ source: "192.0.2.2", destination: "192.0.2.1", destinationPort: 7 },
      bytes: expect.stringMatching(/^[0-9a-f]{200}$/),
    });
    expect(run("rules", "log", WATCHED, "--count", "1").stdout.split("\n")).toHaveLength(2);
    expect(run("rules", "remove", WATCHED, "echo-seen")).toMatchObject({ code: 0 });
    expect(run("rules", "log", WATCHED)).toMatchObject({
      code: 30,
      stderr: expect.stringContaining("none of the rules"),
    });
    expect(run("rules", "add", WATCHED, "more", "log", "udp", "--rate", "5/s", "--burst", "9")).toMatchObject({
      code: 0,
    });
    expect(run("rules", "list", WATCHED).stdout).toMatch(/^more +log 5\/s burst 9 /m);
    expect(run("rules", "add", WATCHED, "bad", "log", "udp", "--per", "source")).toMatchObject({ code: 2 });
  });

  test("give what they sample to weir capture, which leaves them as they are when it is killed", async () => {
    using net = prepared();
    const run = (...words: string[]) => weir(words, net.near);
    const file = join(net.folder, "sampled.pcapng");
    {
      using killed = new RunningWeir(
        ["capture", WATCHED, "--sampled", "-w", join(net.folder, "lost.pcapng")],
        net.near,
      );
      await killed.until(({ stderr }) => stderr.includes("capturing"));
      expect(run("capture", WATCHED, "--rule", "echo-taken", "-w", file)).toMatchObject({ code: 8 });
      killed.process.kill("SIGKILL");
      await killed.exit;
    }
    await sendUdp(net.far, 2);
    using capturing = new RunningWeir(
      ["capture", WATCHED, "--rule", "echo-taken", "-w", file, "--count", "3"],
      net.near,
    );
    await capturing.until(({ stderr }) => stderr.includes("capturing"));
    await sendUdp(net.far, 3);
    expect(await capturing.exit).toEqual([0, null]);
    expect(run("match", file, "udp and dst port 7 and len = 100").stdout).toBe("3\n");
    expect(JSON.parse(run("rules", "list", WATCHED, "--json").stdout).rules[1]).toMatchObject({ packets: 5 });
    expect(run("capture", WATCHED, "--rule", "echo", "-w", file)).toMatchObject({ code: 2 });
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool, tryCommand } from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linkText, network, sendUdp, WATCHED } from "./network.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter");

describe.skipIf(missing)("bad luck with interfaces", () => {
  test("there is none of that name", () => {
    using net = network();
    const result = weir(["watch", WATCHED, "nosuch0"], net.near);
    expect(result).toMatchObject({ code: 5, stdout: "", stderr: expect.stringContaining("nosuch0") });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("it is down", () => {
    using net = network();
    net.near.run("ip", ["link", "set", WATCHED, "down"]);
    const result = weir(["watch", WATCHED], net.near);
    expect(result).toMatchObject({ code: 6, stderr: expect.stringContaining(`ip link set dev ${WATCHED} up`) });
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("another program is there: it is named and goes on", async () => {
    using net = network();
    using first = new RunningWeir(["watch", WATCHED, "--json", "--interval", "0.1"], net.near);
    await first.started();
    const before = linkText(net.near);
    const id = /prog\/xdp id (\d+)/.exec(before)?.[1];
    const second = weir(["watch", WATCHED], net.near);
    expect(second.code).toBe(8);
    expect(second.stderr).toContain("xdp_packet_moni");
    expect(second.stderr).toContain(`id ${id}`);
    expect(linkText(net.near)).toBe(before);
    await sendUdp(net.far, 10);
    first.process.kill("SIGINT");
    await first.exit;
    expect(JSON.parse(first.stdout.trim().split("\n").at(-1) ?? "").counters.udp).toBe(10);
  });

  test("it cannot do native mode: drv fails, auto says so and goes on", () => {
    using net = network();
    const drv = weir(["watch", "lo", "--mode", "drv", "--duration", "0.1"], net.near);
    expect(drv).toMatchObject({ code: 9, stderr: expect.stringContaining("--mode skb") });
    expect(linkText(net.near, "lo")).not.toContain("xdp");
    const auto = weir(["watch", "lo", "--duration", "0.1", "--json"], net.near);
    expect(auto).toMatchObject({ code: 0, stderr: expect.stringContaining("mode drv is not possible, using skb") });
    expect(JSON.parse(auto.stdout)).toMatchObject({ mode: "skb" });
    const hw = weir(["watch", WATCHED, "--mode", "hw"], net.near);
    expect(hw.code).toBe(9);
  });

  test("it is removed while it is watched: the watch waits for it, and goes on when it is back", async () => {
    using net = network({ quiet: true });
    using watch = new RunningWeir(["watch", WATCHED, "--json", "--interval", "0.1"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    await watch.until(({ stderr }) => stderr.includes(`${WATCHED} was removed; it is watched again when it is back`));
    await watch.until(({ stdout }) => stdout.includes('"attached":false'));
    net.near.run("ip", ["link", "add", WATCHED, "type", "veth", "peer", "name", "other"]);
    await watch.until(({ stderr }) => stderr.includes(`${WATCHED} is back and watched in mode drv`));
    await watch.until(({ stdout }) => stdout.includes('"earlier":{"interfaces":1,'));
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([0, null]);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("one that is not back at the end is told by the exit code", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "lo", "--interval", "0.1"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    await watch.until(({ stdout }) => stdout.includes("removed"));
    const length = watch.stdout.length;
    await watch.until(({ stdout }) => stdout.slice(length).includes(" lo total "));
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([7, null]);
    expect(watch.stderr).toContain(`weir: interface ${WATCHED} was removed`);
  });

  test("a duration ends the wait for it", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "--interval", "0.1", "--duration", "3"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    expect(await watch.exit).toEqual([7, null]);
  });

  test("with --no-follow its removal is the end", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", WATCHED, "--no-follow", "--interval", "0.1"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "delete", WATCHED]);
    expect(await watch.exit).toEqual([7, null]);
    expect(watch.stderr).toContain(`interface ${WATCHED} was removed`);
  });

  test("it is renamed: it is watched on under its new name", async () => {
    using net = network({ quiet: true });
    using watch = new RunningWeir(["watch", WATCHED, "--json", "--interval", "0.1"], net.near);
    await watch.started();
    net.near.run("ip", ["link", "set", WATCHED, "down"]);
    net.near.run("ip", ["link", "set", WATCHED, "name", "renamed", "up"]);
    await watch.until(({ stderr }) => stderr.includes(`${WATCHED} is called renamed now`));
    await watch.until(({ stdout }) => stdout.includes('"interface":"renamed"'));
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([0, null]);
  });

  test("there is none yet that matches a pattern: it is watched when it comes", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", "plug*", "--interval", "0.1"], net.near);
    await watch.until(({ stderr }) => stderr.includes("weir: there is no interface plug* now"));
    net.near.run("ip", ["link", "add", "plug0", "type", "veth", "peer", "name", "end0"]);
    await watch.until(({ stderr }) => stderr.includes("plug0 is watched in mode drv"));
    await watch.until(({ stdout }) => stdout.includes(" plug0 total "));
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([0, null]);
    expect(linkText(net.near, "end0")).not.toContain("xdp");
  });

  test("nothing that matches comes: Ctrl-C ends the wait at once", async () => {
    using net = network();
    using watch = new RunningWeir(["watch", "plug*"], net.near);
    await watch.until(({ stderr }) => stderr.includes("plug*"));
    const before = performance.now();
    watch.process.kill("SIGINT");
    expect(await watch.exit).toEqual([0, null]);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  test.skipIf(requireTool("setpriv"))("not root", () => {
    using net = network();
    for (const words of [["watch", WATCHED], ["attach", WATCHED], ["demo"]]) {
      const [command, all] = weirWords(words);
      const result = net.near.try("setpriv", [
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "--",
        command,
        ...all,
      ]);
      expect(result).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/sudo|root|not yours/) });
      expect(result.stderr).not.toContain("    at ");
    }
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.skipIf(requireTool("setpriv"))("with the three capabilities it needs and no other", () => {
    using net = network();
    const withOnly = (...capabilities: readonly string[]) => {
      const set = ["-all", ...capabilities.map((name) => `+${name}`)].join();
      const [command, words] = weirWords(["watch", WATCHED, "--duration", "0.1"]);
      return net.near.try("setpriv", ["--bounding-set", set, "--inh-caps", set, command, ...words]);
    };
    expect(withOnly("bpf", "perfmon", "net_admin")).toMatchObject({ code: 0, stderr: "" });
    expect(withOnly("bpf", "net_admin")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("This process lacks CAP_PERFMON."),
    });
  });

  test.skipIf(requireTool("setpriv"))("the demo without iproute2", () => {
    const [command, all] = weirWords(["demo"]);
    const result = tryCommand("unshare", [
      "--mount",
      "sh",
      "-c",
      'for at in $(which -a ip); do mount --bind /dev/null "$at"; done; PATH=/nowhere exec "$@"',
      "sh",
      command,
      ...all,
    ]);
    expect(result).toMatchObject({ code: 18, stderr: expect.stringContaining("apt install iproute2") });
  });
});

describe.skipIf(missing)("bad captures", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "weir-captures-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const header = (linkType = 1) => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt32LE(0xa1b2c3d4, 0);
    bytes.writeUInt16LE(2, 4);
    bytes.writeUInt16LE(4, 6);
    bytes.writeUInt32LE(65535, 16);
    bytes.writeUInt32LE(linkType, 20);
    return bytes;
  };
  const record = (length: number) => {
    const bytes = Buffer.alloc(16 + 60);
    bytes.writeUInt32LE(length, 8);
    bytes.writeUInt32LE(length, 12);
    return bytes;
  };

  test.each([
    ["that is not there", undefined, 12],
    ["that is empty", Buffer.alloc(0), 13],
    ["that is none", Buffer.from("<html>never mind</html>"), 14],
    ["that was cut off", Buffer.concat([header(), record(60).subarray(0, 50)]), 15],
    ["that contradicts itself", Buffer.concat([header(), record(0x7fffffff)]), 16],
    ["of another link type", header(113), 17],
  ])("a file %s", (name, bytes, code) => {
    const file = join(directory, `${name} – ünï\x1b[1m.pcap`);
    if (bytes) writeFileSync(file, bytes);
    const result = weir(["replay", file, "--json"]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain("ünï\\u{1b}[1m.pcap");
    expect(result.stderr).not.toContain("\x1b");
  });

  test("a good one has its frames counted, also from a pipe", () => {
    const file = join(directory, "good.pcap");
    writeFileSync(file, Buffer.concat([header(), record(60), record(60)]));
    const result = weir(["replay", file, "--json"]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(result.stdout)).toMatchObject({
      frames: 2,
      skipped: { tooShort: 0, tooLong: 0 },
      verdicts: { pass: 2 },
      counters: { frames: 2, llc_8023: 2 },
      connections: [],
    });
    const [node, words] = weirWords(["replay", "-"]);
    expect(tryCommand("sh", ["-c", 'cat "$0" | "$@"', file, node, ...words])).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("%s ends the wait for a pipe", async (signal) => {
    const pipe = join(directory, `${signal}.fifo`);
    tryCommand("mkfifo", [pipe]);
    // Held open for writing, so that the pipe has no end.
    const writer = openSync(pipe, "r+");
    const child = spawn(...weirWords(["replay", pipe]), { stdio: "ignore" });
    const ended = once(child, "exit");
    try {
      const isWaiting = () => readFileSync(`/proc/${child.pid}/wchan`, "utf8").includes("pipe_read");
      await expect.poll(isWaiting, { timeout: 30_000 }).toBe(true);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
    } finally {
      child.kill("SIGKILL");
      closeSync(writer);
    }
  });

  test("help that cannot be written is a failure", () => {
    const [node, words] = weirWords(["--help"]);
    const result = tryCommand("sh", ["-c", '"$@" > /dev/full', "sh", node, ...words]);
    expect(result).toMatchObject({ code: 19, stderr: expect.stringContaining("ENOSPC") });
  });
});

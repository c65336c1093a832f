import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingCaptures, realCaptures, requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { readCapture } from "../../../engine/src/captures/capture.ts";
import { linkText, type Network, network, sendUdp, WATCHED } from "./network.ts";
import { writePcap } from "./pcap-file.ts";
import { RunningWeir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "tcpdump", "tshark", "capinfos", "tcpreplay", "taskset");
const FRAME_SOURCE = new URL("../../bench/frame-source.ts", import.meta.url).pathname;
const [MTU, JUMBO_MTU] = [1500, 65_535];

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "weir-capture-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A capture that has begun. */
async function startCapture(net: Network, words: readonly string[]): Promise<RunningWeir> {
  const capture = new RunningWeir(["capture", WATCHED, ...words], net.near);
  await capture.until(({ stderr }) => stderr.includes("capturing on"));
  return capture;
}

async function end(capture: RunningWeir): Promise<void> {
  capture.process.kill("SIGINT");
  expect(await capture.exit).toEqual([0, null]);
}

/** tcpdump on the same interface, to a file. */
async function startTcpdump(net: Network, file: string) {
  const words = ["-ni", WATCHED, "-Q", "in", "-B", "65536", "--time-stamp-precision=nano"];
  const child = net.near.spawn("tcpdump", [...words, "-w", file], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  while (!text.includes("listening on")) await once(child.stderr ?? child, "data");
  return {
    async stop(): Promise<void> {
      // The kernel gives it what came in once a second.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      child.kill("SIGINT");
      await once(child, "close");
      expect(text).toContain("\n0 packets dropped by kernel");
    },
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

/** Each frame with all its bytes, as tcpdump prints them. */
const dump = (file: string): string[] =>
  runCommand("tcpdump", ["-nr", file, "-t", "-xx"], { timeout: 60_000 }).split(/\n(?!\t)/);

/** Sends a capture file from the far end, on one CPU, so that its frames stay in order. */
function send({ far }: Network, file: string, cpu = 0): void {
  far.run("taskset", ["--cpu-list", String(cpu), "tcpreplay", "--topspeed", `--intf1=${WATCHED}`, file]);
}

describe.skipIf(missing ?? missingCaptures())("a capture of real frames", () => {
  test.each([
    ["drv", MTU],
    ["skb", MTU],
    ["drv", JUMBO_MTU],
    ["skb", JUMBO_MTU],
  ] as const)(
    "has, in mode %s with an MTU of %d, the bytes of tcpdump's in the same order, and its times",
    async (mode, mtu) => {
      using net = network({ quiet: true, mtu });
      const [ours, theirs] = [join(folder(), "weir.pcapng"), join(folder(), "tcpdump.pcap")];
      using capture = await startCapture(net, ["-w", ours, "--mode", mode, "--ring", "16"]);
      using tcpdump = await startTcpdump(net, theirs);
      for (const { path, libpcapReads } of realCaptures()) {
        // What tcpreplay cannot send of a file, neither of the two sees.
        if (libpcapReads)
          net.far.try("taskset", ["--cpu-list", "0", "tcpreplay", "--topspeed", `--intf1=${WATCHED}`, path]);
      }
      await tcpdump.stop();
      await end(capture);
      expect(capture.stderr).not.toContain("LOST");

      const [here, there] = [dump(ours), dump(theirs)];
      expect(here.length).toBeGreaterThan(4000);
      expect(here.findIndex((frame, index) => frame !== there[index])).toBe(-1);
      expect(here.length).toBe(there.length);
      const times = (file: string) => Array.from(readCapture(file), ({ time = 0n }) => time);
      const others = times(theirs);
      const apart = times(ours).map((time, index) => Number(time - (others[index] ?? 0n)));
      const median = apart.map(Math.abs).toSorted((a, b) => a - b)[apart.length >> 1];
      expect(median).toBeLessThan(1_000_000);
    },
  );
});

describe.skipIf(missing)("a capture", () => {
  test("keeps the order of each flow when they come in on several CPUs", async () => {
    using net = network({ quiet: true });
    const directory = folder();
    const ours = join(directory, "weir.pcapng");
    const files = [0, 1].map((flow) => join(directory, `${flow}.pcap`));
    const COUNT = 3000;
    for (const [flow, file] of files.entries()) {
      const frames = Array.from({ length: COUNT }, (_, number) =>
        ethernet({ destination: "02:00:00:00:00:01" })
          .ipv4()
          .udp({ sourcePort: 1000 + flow })
          .payload(String(number).padStart(20, "0"))
          .toBytes(),
      );
      writePcap(file, frames);
    }
    using capture = await startCapture(net, ["-w", ours]);
    const sending = files.map((file, cpu) =>
      net.far.spawn("taskset", ["--cpu-list", String(cpu), "tcpreplay", "--topspeed", `--intf1=${WATCHED}`, file], {
        stdio: "ignore",
      }),
    );
    await Promise.all(sending.map((child) => once(child, "close")));
    await end(capture);
    const seen: Record<number, number[]> = {};
    for (const { bytes } of readCapture(ours)) {
      const frame = Buffer.from(bytes);
      const flow = frame.readUInt16BE(34);
      seen[flow] ??= [];
      seen[flow]?.push(Number(frame.subarray(42, 62).toString()));
    }
    const all = Array.from({ length: COUNT }, (_, number) => number);
    expect(seen).toEqual({ 1000: all, 1001: all });
    expect(capture.stderr).toContain(`${(2 * COUNT).toLocaleString("en-US")} written`);
  });

  test("is read by tshark and capinfos: interface, verdict, times, and its own statistics", async () => {
    using net = network();
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file, "--snaplen", "60"]);
    await sendUdp(net.far, 10);
    await end(capture);
    const fields = [
      "frame.interface_name",
      "frame.packet_flags_direction",
      "frame.len",
      "frame.cap_len",
      "frame.verdict.ebpf_xdp",
    ];
    const words = ["-r", file, "-Y", "udp.dstport == 7", "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
    const lines = runCommand("tshark", words).trim().split("\n");
    expect(lines).toEqual(Array.from({ length: 10 }, () => `${WATCHED}\t\t100\t60\t2`));
    const about = runCommand("capinfos", [file]);
    expect(about).toMatch(/File type: +Wireshark\/\.\.\. - pcapng/);
    expect(about).toMatch(/Capture application: weir \d/);
    expect(about).toMatch(/Capture oper-sys: +Linux/);
    expect(about).toContain(`Name = ${WATCHED}`);
    expect(about).toContain("Comment = MTU 1500; XDP mode drv");
    expect(about).toContain("Time precision = nanoseconds (9)");
    expect(about).toContain("Number of stat entries = 1");
  });

  test("flows into tshark while it goes on", async () => {
    using net = network({ quiet: true });
    const [command, words] = weirWords(["capture", WATCHED, "-w", "-"]);
    const line = [command, ...words].map((word) => `'${word}'`).join(" ");
    const fields = "-T fields -e udp.dstport";
    const shell = net.near.spawn("sh", ["-c", `${line} | tshark -l -n -r - ${fields}`], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    onTestFinished(() => {
      // The group, since the two in the pipe are not this process's children.
      const isRunning = (shell.exitCode ?? shell.signalCode) === null;
      if (isRunning && shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    });
    let [output, errors] = ["", ""];
    shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    shell.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const until = async (condition: () => boolean) => {
      for (const start = Date.now(); !condition(); ) {
        if (Date.now() > start + 30_000) throw new Error(`it did not happen: ${output} ${errors}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await until(() => errors.includes("capturing on"));
    const pcap = join(folder(), "one.pcap");
    for (const port of [7001, 7002, 7003]) {
      writePcap(pcap, [ethernet().ipv4().udp({ destinationPort: port }).paddedTo(60)]);
      send(net, pcap);
      const start = Date.now();
      await until(() => output.includes(String(port)));
      // It is there as soon as it came in, however few more follow.
      expect(Date.now() - start).toBeLessThan(5000);
    }
    if (shell.pid !== undefined) process.kill(-shell.pid, "SIGINT");
    await once(shell, "close");
    expect(errors).toContain("3 written");
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("survives %s, complete", async (signal) => {
    using net = network();
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file]);
    await sendUdp(net.far, 50);
    capture.process.kill(signal);
    expect(await capture.exit).toEqual([0, null]);
    expect([...readCapture(file)].length).toBeGreaterThanOrEqual(50);
    expect(runCommand("capinfos", [file])).toContain("Number of stat entries = 1");
    expect(capture.stderr).toMatch(/(\d+) seen\n +\1 written/);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("ends at Ctrl-C also while packets come in as fast as they can, and accounts for all of them", async () => {
    using net = network({ quiet: true });
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file, "--snaplen", "64", "--ring", "1"]);
    const frame = Buffer.from(ethernet({ destination: "02:00:00:00:00:01" }).ipv4().udp().paddedTo(64)).toString("hex");
    const words = ["--conditions=source", FRAME_SOURCE, WATCHED, frame, "2000000", "5"];
    const source = net.far.spawn(process.execPath, words, { stdio: "ignore" });
    onTestFinished(() => void source.kill("SIGKILL"));
    // Where others want the processor, a process may take its time to begin.
    const received = () => /RX:.*\n\s*\d+\s+(\d+)/.exec(net.near.run("ip", ["-s", "link", "show", WATCHED]))?.[1];
    await expect.poll(() => Number(received()), { timeout: 20_000 }).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await end(capture);
    expect(source.exitCode).toBeNull();
    const [seen = 0, written = 0, lost = 0] = [/([\d,]+) seen/, /([\d,]+) written/, /([\d,]+) LOST because a ring/].map(
      (pattern) => Number((pattern.exec(capture.stderr)?.[1] ?? "0").replaceAll(",", "")),
    );
    expect(seen).toBeGreaterThan(0);
    expect(written + lost).toBe(seen);
    let frames = 0;
    for (const _ of readCapture(file)) frames++;
    expect(frames).toBe(written);
  });

  test("ends with exactly so many packets", async () => {
    using net = network();
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file, "--count", "25"]);
    await sendUdp(net.far, 100);
    expect(await capture.exit).toEqual([0, null]);
    expect([...readCapture(file)]).toHaveLength(25);
    expect(capture.stderr).toContain("25 written");
  });

  test("has none of a verdict that weir does not give", async () => {
    using net = network();
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file, "--verdict", "drop,aborted"]);
    await sendUdp(net.far, 20);
    await end(capture);
    expect([...readCapture(file)]).toHaveLength(0);
    expect(capture.stderr).toMatch(/(\d\d+) with another verdict/);
    expect(runCommand("capinfos", [file])).toContain("verdict drop or aborted only");
  });
});

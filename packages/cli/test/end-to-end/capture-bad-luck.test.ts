import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { readCapture } from "../../../engine/src/captures/capture.ts";
import { linkText, type Network, network, sendUdp, WATCHED } from "./network.ts";
import { writePcap } from "./pcap-file.ts";
import { RunningWeir, weir, weirWords } from "./weir.ts";

const missing = requireRoot() ?? requireTool("ip", "nsenter", "tcpreplay", "capinfos");
const frames = Array.from({ length: 500 }, (_, number) =>
  ethernet().ipv4().udp().payload(String(number).padStart(1000, ".")).toBytes(),
);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "weir-capture-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A file system with room for so much. */
function smallDisk(size: string): string {
  const path = join(folder(), "disk");
  mkdirSync(path);
  runCommand("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  onTestFinished(() => void runCommand("umount", [path]));
  return path;
}

/** Half a megabyte. */
function sendFrames({ far }: Network): void {
  const file = join(folder(), "frames.pcap");
  writePcap(file, frames);
  far.run("tcpreplay", ["--topspeed", `--intf1=${WATCHED}`, file]);
}

async function startCapture(net: Network, words: readonly string[]): Promise<RunningWeir> {
  const capture = new RunningWeir(["capture", WATCHED, ...words], net.near);
  await capture.until(({ stderr }) => stderr.includes("capturing on"));
  return capture;
}

const number = (text: string, pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? "0").replaceAll(",", ""));

describe.skipIf(missing)("a capture with bad luck", () => {
  test.each([1, 5, 16])(
    "on a disk that is full after %d times 16 KiB: the file is whole, and says what it lacks",
    async (parts) => {
      using net = network({ quiet: true });
      const file = join(smallDisk(`${parts * 16}k`), "out.pcapng");
      using capture = await startCapture(net, ["-w", file]);
      sendFrames(net);
      expect(await capture.exit).toEqual([19, null]);
      expect(capture.stderr).toContain(`${file} cannot be written: ENOSPC`);
      const written = [...readCapture(file)].length;
      expect(written).toBeGreaterThan(10);
      expect(number(capture.stderr, /([\d,]+) written/)).toBe(written);
      expect(number(capture.stderr, /([\d,]+) seen/)).toBe(
        written + number(capture.stderr, /([\d,]+) LOST because they could not be written/),
      );
      const about = runCommand("capinfos", [file]);
      expect(about).toMatch(new RegExp(`Number of packets: +${written}\n`));
      expect(about).toContain("Number of stat entries = 1");
      expect(linkText(net.near)).not.toContain("xdp");
    },
  );

  test("into standard output that is a file on a full disk: the same", async () => {
    using net = network({ quiet: true });
    const file = join(smallDisk("64k"), "out.pcapng");
    const [command, words] = weirWords(["capture", WATCHED, "-w", "-"]);
    const line = [command, ...words].map((word) => `'${word}'`).join(" ");
    const shell = net.near.spawn("sh", ["-c", `exec ${line} > ${file}`], { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    shell.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const closed = once(shell, "close");
    while (!errors.includes("capturing on")) await new Promise((resolve) => setTimeout(resolve, 20));
    sendFrames(net);
    expect(await closed).toEqual([19, null]);
    expect([...readCapture(file)]).toHaveLength(number(errors, /([\d,]+) written/));
    expect(runCommand("capinfos", [file])).toContain("Number of stat entries = 1");
  });

  test("on a disk that has no room for anything", async () => {
    using net = network({ quiet: true });
    const disk = smallDisk("16k");
    writeFileSync(join(disk, "full"), Buffer.alloc(16 * 1024));
    const result = weir(["capture", WATCHED, "-w", join(disk, "out.pcapng"), "--duration", "1"], net.near);
    expect(result).toMatchObject({ code: 19, stderr: expect.stringContaining("ENOSPC") });
    expect(statSync(join(disk, "out.pcapng")).size).toBe(0);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("on an interface that is removed: the file is whole", async () => {
    using net = network();
    const file = join(folder(), "out.pcapng");
    using capture = await startCapture(net, ["-w", file]);
    await sendUdp(net.far, 30);
    net.near.run("ip", ["link", "delete", WATCHED]);
    expect(await capture.exit).toEqual([7, null]);
    expect(capture.stderr).toContain(`interface ${WATCHED} was removed`);
    expect([...readCapture(file)].length).toBeGreaterThanOrEqual(30);
    expect(runCommand("capinfos", [file])).toContain("Number of stat entries = 1");
  });

  test("whose reader has enough: an end like any other", async () => {
    using net = network({ quiet: true });
    const [command, words] = weirWords(["capture", WATCHED, "-w", "-"]);
    const line = [command, ...words].map((word) => `'${word}'`).join(" ");
    const shell = net.near.spawn("bash", ["-c", `${line} | head -c 100000 | wc -c; echo "\${PIPESTATUS[0]}"`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [output, errors] = ["", ""];
    shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    shell.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const closed = once(shell, "close");
    while (!errors.includes("capturing on")) await new Promise((resolve) => setTimeout(resolve, 20));
    sendFrames(net);
    await closed;
    expect(output.trim().split("\n")).toEqual(["100000", "0"]);
    expect(errors).toMatch(/500 seen\n/);
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test("whose reader is slow: what the ring cannot hold is counted, nothing is waited for", async () => {
    using net = network({ quiet: true });
    const directory = folder();
    const [file, start] = [join(directory, "out.pcapng"), join(directory, "start")];
    const [command, words] = weirWords(["capture", WATCHED, "-w", "-", "--ring", "1"]);
    const line = [command, ...words].map((word) => `'${word}'`).join(" ");
    const shell = net.near.spawn(
      "bash",
      ["-c", `${line} | (until [ -e ${start} ]; do sleep 0.1; done; cat > ${file})`],
      {
        stdio: ["ignore", "ignore", "pipe"],
        detached: true,
      },
    );
    let errors = "";
    shell.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const closed = once(shell, "close");
    while (!errors.includes("capturing on")) await new Promise((resolve) => setTimeout(resolve, 20));
    for (let round = 0; round < 8; round++) sendFrames(net);
    // Only weir, as `kill` does it: the reader shall read the rest.
    const [first] = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "utf8").split(" ");
    process.kill(Number(first), "SIGINT");
    writeFileSync(start, "");
    await closed;
    const [seen, written, lost] = [/([\d,]+) seen/, /([\d,]+) written/, /([\d,]+) LOST because a ring was full/].map(
      (pattern) => number(errors, pattern),
    );
    expect(seen).toBe(4000);
    expect(lost).toBeGreaterThan(0);
    expect((written ?? 0) + (lost ?? 0)).toBe(seen);
    expect([...readCapture(file)]).toHaveLength(written ?? 0);
    expect(runCommand("capinfos", [file])).toContain("Number of stat entries = 1");
  });

  test("where an old file is: it is overwritten, and only when the capture begins", async () => {
    using net = network({ quiet: true });
    const file = join(folder(), "out.pcapng");
    writeFileSync(file, "x".repeat(100_000));
    expect(weir(["capture", "nosuch0", "-w", file], net.near).code).toBe(5);
    expect(readFileSync(file, "utf8")).toBe("x".repeat(100_000));
    using watch = new RunningWeir(["watch", WATCHED, "--interval", "0.1"], net.near);
    await watch.started();
    const busy = weir(["capture", WATCHED, "-w", file], net.near);
    expect(busy).toMatchObject({ code: 8, stderr: expect.stringContaining("xdp_packet_moni") });
    expect(readFileSync(file, "utf8")).toBe("x".repeat(100_000));
    expect(weir(["capture", WATCHED, "-w", `${file}.new`], net.near).code).toBe(8);
    expect(existsSync(`${file}.new`)).toBe(false);
    watch.process.kill("SIGINT");
    await watch.exit;
    expect(weir(["capture", WATCHED, "-w", file, "--duration", "0.1"], net.near).code).toBe(0);
    expect([...readCapture(file)]).toHaveLength(0);
  });

  test("where no file can be", () => {
    using net = network();
    const directory = folder();
    const pipe = join(directory, "pipe");
    runCommand("mkfifo", [pipe]);
    for (const [path, reason] of [
      [directory, "EISDIR"],
      [join(directory, "no", "file"), "ENOENT"],
      [pipe, "Nobody reads this pipe"],
    ] as const) {
      const result = weir(["capture", WATCHED, "-w", path, "--duration", "0.1"], net.near);
      expect(result).toMatchObject({ code: 19, stderr: expect.stringContaining(reason) });
      expect(result.stderr).not.toMatch(/^ +at /m);
    }
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.skipIf(requireTool("script"))("into a terminal: refused", async () => {
    using net = network();
    const [command, words] = weirWords(["capture", WATCHED, "-w", "-"]);
    const line = [command, ...words].map((word) => `'${word}'`).join(" ");
    const result = net.near.try("script", ["--quiet", "--return", "--command", line, "/dev/null"]);
    expect(result.code).toBe(2);
    expect(result.stdout).toContain("standard output is a terminal");
    expect(linkText(net.near)).not.toContain("xdp");
  });

  test.each([
    [[], "required option '-w, --write <file>'"],
    [["-w", "x", "--sample", "100"], "It must be 1/N"],
    [["-w", "x", "--sample", "1/0"], "It must be 1/N"],
    [["-w", "x", "--snaplen", "0"], "from 1 to 65535"],
    [["-w", "x", "--snaplen", "70000"], "from 1 to 65535"],
    [["-w", "x", "--count", "0"], "at least 1"],
    [["-w", "x", "--verdict", "drop,accept"], "aborted, drop, pass, tx, redirect"],
    [["-w", "x", "--ring", "0"], "from 1 to 1024"],
  ])("with the words %j: 2", (words, told) => {
    const result = weir(["capture", WATCHED, ...words]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(told);
  });
});

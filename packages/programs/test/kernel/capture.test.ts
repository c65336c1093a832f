import { fileURLToPath } from "node:url";
import { compile, formatDiagnostics } from "@weir/compiler";
import { presentCpus } from "@weir/kernel";
import { requireRoot, requireTool, runCommand, stayOnOneCpu } from "@weir/laboratory";
import { beforeAll, describe, expect, test } from "vitest";
import { captureObject } from "../../src/index.ts";
import { LoadedCapture } from "../loaded-capture.ts";

const RUN_MANY = fileURLToPath(new URL("../run-many.ts", import.meta.url));
const PASS = "020200000000000000";
const DROP = "020100000000000000";
const VERDICT = 7;
const QUEUE = 6;

/** Bytes of which none is like the one before. */
const frame = (length: number, first = 2): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index === 0 ? first : 200 - index));

function withVerdicts() {
  const file = fileURLToPath(new URL("../kernel-programs/capture-verdicts.bpf.ts", import.meta.url));
  const { object, diagnostics } = compile(file);
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}

describe.skipIf(requireRoot() ?? requireTool("taskset"))("the capture program", () => {
  // On one CPU, so that all blocks are in one ring, in their order.
  beforeAll(stayOnOneCpu);

  test("writes whole blocks: frames of every remainder, their queue, their verdict, nothing in between", () => {
    using capture = new LoadedCapture(captureObject());
    const lengths = [14, 15, 16, 17, 60, 61, 62, 63, 1500, 3000];
    for (const length of lengths) expect(capture.program.testRun({ data: frame(length) }).verdict).toBe(2);
    const blocks = capture.blocks();
    expect(blocks.map(({ bytes }) => bytes)).toEqual(lengths.map((length) => frame(length)));
    expect(blocks.map(({ originalLength }) => originalLength)).toEqual(lengths);
    for (const { options, padding, interfaceId } of blocks) {
      expect(options).toEqual({ [QUEUE]: "00000000", [VERDICT]: PASS });
      expect(padding.every((byte) => byte === 0)).toBe(true);
      expect(interfaceId).toBe(0);
    }
  });

  test.for([1, 13, 14, 96, 97, 98, 99])("cuts frames at %i bytes and keeps their length", (snap_length) => {
    using capture = new LoadedCapture(captureObject(), { snap_length });
    // The longer one first, so that bytes would be left behind the shorter one.
    for (const length of [120, 100, 14]) capture.program.testRun({ data: frame(length) });
    const kept = [120, 100, 14].map((length) => frame(length).subarray(0, snap_length));
    const blocks = capture.blocks();
    expect(blocks.map(({ bytes }) => bytes)).toEqual(kept);
    expect(blocks.map(({ originalLength }) => originalLength)).toEqual([120, 100, 14]);
    expect(blocks.every(({ padding }) => padding.every((byte) => byte === 0))).toBe(true);
  });

  test("stamps them with the monotonic clock and what user space adds", () => {
    const offset = 1_700_000_000_000_000_000n;
    using capture = new LoadedCapture(captureObject(), {}, { clockOffset: offset });
    const before = process.hrtime.bigint();
    for (let count = 0; count < 5; count++) capture.program.testRun({ data: frame(60) });
    const after = process.hrtime.bigint();
    const times = capture.blocks().map(({ time }) => time - offset);
    // Blocks of several CPUs do not stand in the order of their times.
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(after);
    }
    expect(new Set(times).size).toBe(5);
  });

  test.for([0, 1])("says how many frames it lost when nobody reads, with weak_memory %i", (weak_memory) => {
    using capture = new LoadedCapture(captureObject(), { weak_memory, snap_length: 96 });
    const frames = 10_000;
    for (let run = 0; run < 10; run++) capture.program.testRun({ data: frame(100), repeat: frames / 10 });
    const { seen, written = 0n, lost_full = 0n, ...others } = capture.counts();
    expect(seen).toBe(BigInt(frames));
    expect(written + lost_full).toBe(seen);
    expect(lost_full).toBeGreaterThan(0n);
    expect(Object.values(others).every((count) => count === 0n)).toBe(true);
    expect(capture.blocks()).toHaveLength(Number(written));
    expect(capture.blocks().every(({ bytes }) => Buffer.compare(bytes, frame(100).subarray(0, 96)) === 0)).toBe(true);
  });

  test("takes exactly so many frames as were asked for", () => {
    using capture = new LoadedCapture(captureObject(), { limit: 7 });
    for (let run = 0; run < 5; run++) capture.program.testRun({ data: frame(60), repeat: 4 });
    expect(capture.counts()).toMatchObject({ seen: 20n, written: 7n, past_count: 13n });
    expect(capture.blocks()).toHaveLength(7);
  });

  test("takes one frame in ten, at random", () => {
    using capture = new LoadedCapture(captureObject(), { sample_below: Math.round(2 ** 32 / 10), snap_length: 1 });
    const frames = 20_000;
    capture.program.testRun({ data: frame(60), repeat: frames });
    const { seen, written = 0n, sampled_out = 0n } = capture.counts();
    expect(seen).toBe(BigInt(frames));
    expect(written + sampled_out).toBe(seen);
    // Five standard deviations of a binomial distribution.
    expect(Math.abs(Number(written) - frames / 10)).toBeLessThan(5 * Math.sqrt(frames * 0.1 * 0.9));
  });

  test("takes the frames whose verdict is wanted, and says which it was", () => {
    using capture = new LoadedCapture(withVerdicts(), { verdicts: 1 << 1 });
    for (const first of [0, 1, 2, 3, 1]) {
      expect(capture.program.testRun({ data: frame(60, first) }).verdict).toBe(first);
    }
    expect(capture.counts()).toMatchObject({ seen: 5n, written: 2n, other_verdict: 3n });
    expect(capture.blocks().map(({ options }) => options[VERDICT])).toEqual([DROP, DROP]);
  });

  test("of weir's own, which passes all, takes none where only dropped frames are wanted", () => {
    using capture = new LoadedCapture(captureObject(), { verdicts: 1 << 1 });
    capture.program.testRun({ data: frame(60), repeat: 10 });
    expect(capture.counts()).toMatchObject({ seen: 10n, written: 0n, other_verdict: 10n });
  });

  test.skipIf(presentCpus() === 1)("counts the frames of a CPU that has no ring", () => {
    using capture = new LoadedCapture(captureObject(), {}, { cpus: 1 });
    const words = ["--conditions=source", RUN_MANY, String(capture.program.id)];
    const run = ["--cpu-list", "1", process.execPath, ...words, Buffer.from(frame(60)).toString("hex"), "50", "1"];
    runCommand("taskset", run);
    expect(capture.counts()).toMatchObject({ seen: 50n, written: 0n, lost_no_ring: 50n });
  });

  test("reaches all buffers of a frame", () => {
    using capture = new LoadedCapture(captureObject(), { multi_buffer: 1 });
    const jumbo = Uint8Array.from({ length: 9000 }, (_, index) => index % 251);
    capture.program.testRun({ data: jumbo });
    const [block] = capture.blocks();
    expect(block?.originalLength).toBe(9000);
    expect(Buffer.compare(block?.bytes ?? Buffer.alloc(0), jumbo)).toBe(0);
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BpfProgram, findInterface, queryXdp } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readCapture } from "../../src/captures/capture.ts";
import { type Capture, type CaptureOptions, type CaptureResult, capture } from "../../src/index.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const frame = ethernet().ipv4().udp().paddedTo(1000);

/** Bytes of its block. */
const BLOCK = frame.length + 60;

/** The lengths of the frames in a file, read by our own reader. */
const framesIn = (path: string) =>
  Array.from(readCapture(path), ({ bytes, originalLength, time = 0n }) => ({
    captured: bytes.length,
    length: originalLength,
    time,
  }));

/** Runs a capture's own program on a frame, as if so many had come in: as fast as nothing on a wire comes. */
function inject({ interface: { programId } }: Capture, repeat: number): void {
  using program = BpfProgram.byId(programId);
  program.testRun({ data: frame, repeat });
}

describe.skipIf(requireRoot())("a capture", () => {
  let veth: WatchedVeth;
  let output: string;

  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "weir-capture-"));
    veth = watchedVeth();
    output = join(folder, "out.pcapng");
    onTestFinished(() => {
      veth[Symbol.dispose]();
      rmSync(folder, { recursive: true });
    });
  });

  const start = (options: Omit<CaptureOptions, "output"> = {}) =>
    veth.inside(() => capture(veth.name, { output, ...options }));

  /** All that a capture comes to, when it is stopped after some work. */
  async function during(options: Omit<CaptureOptions, "output">, work: (running: Capture) => void | Promise<void>) {
    const controller = new AbortController();
    using running = start({ ...options, signal: controller.signal });
    const result = running.run();
    await work(running);
    controller.abort();
    return await result;
  }

  const sum = ({ written, lost, otherVerdict, sampledOut, pastCount }: CaptureResult) =>
    written + lost + otherVerdict + sampledOut + pastCount;

  test("holds what came in, and says so", async () => {
    const before = BigInt(Date.now() - 1) * 1_000_000n;
    const result = await during({}, () => veth.send(20, 100));
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    const datagrams = framesIn(output).filter(({ length }) => length === 142);
    expect(datagrams).toHaveLength(20);
    for (const { captured, time } of datagrams) {
      expect(captured).toBe(142);
      expect(time).toBeGreaterThan(before);
      expect(time).toBeLessThan(after);
    }
    expect(result).toMatchObject({ end: "signal", lost: 0n, ringFull: 0n });
    expect(result.written).toBe(BigInt(framesIn(output).length));
    expect(result.seen).toBe(sum(result));
  });

  test("is on the interface while it runs, and not when it has ended", async () => {
    const index = veth.inside(() => findInterface(veth.name).index);
    const attached = () => veth.inside(() => queryXdp(index).length);
    await during({}, () => expect(attached()).toBe(1));
    expect(attached()).toBe(0);
  });

  test("writes the rest when it is closed while it runs", async () => {
    const running = start();
    const result = running.run();
    inject(running, 1000);
    running.close();
    expect((await result).written).toBeGreaterThanOrEqual(1000n);
    expect(framesIn(output)).toHaveLength(Number((await result).written));
    running.close();
  });

  test.for([1, 96, 65_535])(
    "of more frames than its rings hold: written + lost = seen, exactly, with %i bytes",
    async (snapLength) => {
      const result = await during({ ring: 1, snapLength }, async (running) => {
        for (let round = 0; round < 10; round++) {
          inject(running, 50_000);
          await new Promise((resolve) => setTimeout(resolve, round * 5));
        }
      });
      expect(result.seen).toBeGreaterThanOrEqual(500_000n);
      expect(result.ringFull).toBeGreaterThan(0n);
      expect(result.written + result.ringFull).toBe(result.seen);
      const frames = framesIn(output);
      expect(BigInt(frames.length)).toBe(result.written);
      const cut = Math.min(snapLength, frame.length);
      expect(
        frames.filter(({ captured, length }) => captured === cut && length === frame.length).length,
      ).toBeGreaterThan(1000);
      expect(result.cpus.reduce((total, { ringFull }) => total + ringFull, 0n)).toBe(result.ringFull);
    },
  );

  test("goes round its ring many times without losing or mixing up anything", async () => {
    const result = await during({ ring: 1 }, async (running) => {
      for (let round = 0; round < 60; round++) {
        inject(running, 300);
        while (running.statistics().outputBytes < (round + 1) * 300 * BLOCK) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }
    });
    expect(result).toMatchObject({ lost: 0n });
    expect(result.outputBytes).toBeGreaterThan(16 * 1024 * 1024);
    const frames = Array.from(readCapture(output), ({ bytes }) => Buffer.compare(bytes, frame) === 0);
    expect(frames.filter(Boolean).length).toBeGreaterThanOrEqual(18_000);
    expect(BigInt(frames.length)).toBe(result.written);
  });

  test("ends after exactly so many frames", async () => {
    using running = start({ count: 1000 });
    const result = running.run();
    inject(running, 2500);
    expect(await result).toMatchObject({ end: "count", written: 1000n, lost: 0n });
    expect(framesIn(output)).toHaveLength(1000);
    expect((await result).seen).toBe(sum(await result));
  });

  test("ends after its duration", async () => {
    const begin = performance.now();
    using running = start({ duration: 0.3 });
    expect(await running.run()).toMatchObject({ end: "duration" });
    expect(performance.now() - begin).toBeGreaterThanOrEqual(300);
  });

  test("takes one frame in so many, and none of another verdict", async () => {
    const sampled = await during({ sample: 50 }, (running) => inject(running, 50_000));
    expect(sampled.written + sampled.sampledOut).toBe(sampled.seen);
    expect(Math.abs(Number(sampled.written) - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    const dropped = await during({ verdicts: ["drop", "aborted"] }, (running) => inject(running, 100));
    expect(dropped).toMatchObject({ written: 0n, otherVerdict: dropped.seen });
  });

  test("refuses options that make no sense", () => {
    const wrong: Omit<CaptureOptions, "output">[] = [
      { snapLength: 0 },
      { snapLength: 65_536 },
      { sample: 0.5 },
      { count: 0 },
      { duration: 0 },
      { ring: 2000 },
      { verdicts: [] },
    ];
    for (const options of wrong) expect(() => start(options)).toThrow(expect.objectContaining({ code: "WEIR_OPTION" }));
  });

  test("leaves no new file behind where it cannot attach, and touches no old one", () => {
    using first = start();
    expect(first.interface.mode).toBe("drv");
    const other = `${output}.second`;
    const second = () => veth.inside(() => capture(veth.name, { output: other }));
    expect(second).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
    expect(second).toThrow("a capture of weir is running");
    expect(() => framesIn(other)).toThrow("ENOENT");
    expect(() => veth.inside(() => capture(veth.name, { output }))).toThrow();
    first.close();
  });
});

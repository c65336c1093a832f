import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingCaptures, realCaptures, requireTool } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCapture } from "../../src/captures/capture.ts";
import { CaptureError, match } from "../../src/index.ts";
import { expressions } from "../fixtures/expressions.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-match-"));
const path = join(folder, "all.pcap");
const left = missingCaptures() ?? requireTool("tcpdump");
let frames: { readonly bytes: Uint8Array; readonly originalLength: number }[] = [];

/** The frames of all captures in one file, each with its number in the place of its time, by which tcpdump's output tells it. */
beforeAll(() => {
  frames = realCaptures().flatMap((capture) => {
    try {
      return [...readCapture(capture.path)].map(({ bytes, originalLength }) => ({
        bytes: bytes.slice(),
        originalLength,
      }));
    } catch (error) {
      // Some are damaged or of other link types, on purpose.
      if (error instanceof CaptureError) return [];
      throw error;
    }
  });
  const head = Buffer.from("d4c3b2a1020004000000000000000000ffff040001000000", "hex");
  const parts = frames.flatMap(({ bytes, originalLength }, index) => {
    const record = Buffer.alloc(16);
    for (const [at, word] of [index + 1, 0, bytes.length, originalLength].entries()) record.writeUInt32LE(word, 4 * at);
    return [record, bytes];
  });
  writeFileSync(path, Buffer.concat([head, ...parts]));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(left)("over all captures, expressions match the frames that tcpdump shows", { timeout: 300_000 }, () => {
  expect(expressions.length).toBeGreaterThanOrEqual(300);
  expect(frames.length).toBeGreaterThan(20_000);
  let shown = 0;
  for (const expression of expressions) {
    const theirs = shownByTcpdump(expression);
    const filter = new Filter(expression);
    const ours = frames.flatMap(({ bytes, originalLength }, index) =>
      filter.matches(bytes, originalLength) ? [index + 1] : [],
    );
    expect(ours, expression).toEqual(theirs);
    shown += Number(theirs.length > 0);
  }
  // Most are about something that is there.
  expect(shown / expressions.length).toBeGreaterThan(0.6);
});

test.skipIf(left)("a capture file gives each frame with its number", async () => {
  const ours: number[] = [];
  let count = 0;
  for await (const { number, matches } of match(path, "tcp port 80")) {
    count += 1;
    expect(number).toBe(count);
    if (matches) ours.push(number);
  }
  expect(count).toBe(frames.length);
  expect(ours).toEqual(shownByTcpdump("tcp port 80"));
});

function shownByTcpdump(expression: string): number[] {
  const words = ["-r", path, "-w", "-", "--", expression];
  const { stdout, stderr, status } = spawnSync("tcpdump", words, { maxBuffer: 64 * 1024 * 1024 });
  if (String(stderr).includes("expression rejects all packets")) return [];
  if (status !== 0) throw new Error(`${expression}: ${stderr}`);
  const numbers: number[] = [];
  for (let at = 24; at < stdout.length; at += 16 + stdout.readUInt32LE(at + 8)) numbers.push(stdout.readUInt32LE(at));
  return numbers;
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCapture } from "../../../src/captures/capture.ts";
import { interfaceDescription, interfaceStatistics, sectionHeader } from "../../../src/captures/pcapng-blocks.ts";

const DESCRIPTION = { name: "eth0", hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 1), snapLength: 96, system: "Linux" };
const header = sectionHeader({ hardware: "a machine", system: "Linux 6.18", application: "weir" });

/** Options of a block by code, after so many bytes of fixed fields. */
function optionsOf(block: Uint8Array, fixed: number): Map<number, Buffer> {
  const bytes = Buffer.from(block);
  const options = new Map<number, Buffer>();
  for (let at = 8 + fixed; bytes.readUInt16LE(at) !== 0; at += 4 + Math.ceil(bytes.readUInt16LE(at + 2) / 4) * 4) {
    options.set(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2)));
  }
  return options;
}

test("blocks have their length at both ends, a multiple of four", () => {
  for (const name of ["", "a", "ab", "abc", "abcd", "müll"]) {
    const block = Buffer.from(interfaceDescription({ ...DESCRIPTION, name, comment: name }));
    expect(block.length % 4).toBe(0);
    expect(block.readUInt32LE(4)).toBe(block.length);
    expect(block.readUInt32LE(block.length - 4)).toBe(block.length);
    expect(optionsOf(block, 8).get(2)?.toString()).toBe(name);
  }
});

test("the head of a file is what our own reader takes", () => {
  const folder = mkdtempSync(join(tmpdir(), "weir-blocks-"));
  try {
    const path = join(folder, "empty.pcapng");
    writeFileSync(path, Buffer.concat([header, interfaceDescription({ ...DESCRIPTION, comment: "MTU 1500" })]));
    expect([...readCapture(path)]).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("an interface has its name, address, unit of time and comment", () => {
  const options = optionsOf(interfaceDescription({ ...DESCRIPTION, comment: "MTU 1500" }), 8);
  expect(options.get(1)?.toString()).toBe("MTU 1500");
  expect(options.get(2)?.toString()).toBe("eth0");
  expect(options.get(6)?.toString("hex")).toBe("020000000001");
  expect(options.get(9)?.toString("hex")).toBe("09");
  const without = interfaceDescription({ ...DESCRIPTION, hardwareAddress: new Uint8Array(), comment: "" });
  expect(optionsOf(without, 8).has(6)).toBe(false);
});

test("statistics are numbers of 64 bits, and times whose upper word comes first", () => {
  const block = interfaceStatistics({
    time: 0x0102_0304_0506_0708n,
    started: 0x0102_0304_0000_0001n,
    ended: 0x0102_0304_0000_0002n,
    received: 2n ** 40n,
    accepted: 3n,
    dropped: 2n,
    delivered: 1n,
    comment: "no packet was lost",
  });
  expect(Buffer.from(block).subarray(12, 20).toString("hex")).toBe("0403020108070605");
  const options = optionsOf(block, 12);
  expect(options.get(2)?.toString("hex")).toBe("0403020101000000");
  expect(options.get(4)?.readBigUInt64LE()).toBe(2n ** 40n);
  expect([6, 7, 8].map((code) => options.get(code)?.readBigUInt64LE())).toEqual([3n, 2n, 1n]);
});

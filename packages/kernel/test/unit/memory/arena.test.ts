import { expect, test } from "vitest";
import { Arena } from "../../../src/memory/arena.ts";
import { koffiCalls } from "../../../src/native/koffi-calls.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";

test("blocks are zero, aligned and apart", () => {
  const arena = new Arena(new FakeCalls());
  const blocks = Array.from({ length: 100 }, () => arena.allocate(40));
  const addresses = blocks.map(({ address }) => address);
  expect(new Set(addresses).size).toBe(100);
  expect(addresses.every((address) => address % 64 === 0)).toBe(true);
  for (const [index, block] of blocks.entries()) block.bytes.fill(index);
  expect(blocks.every((block, index) => block.bytes.every((byte) => byte === index))).toBe(true);
});

test("a block that comes back is handed out again, zero", () => {
  const arena = new Arena(new FakeCalls());
  const first = arena.allocate(100);
  const { address } = first;
  first.bytes.fill(255);
  first[Symbol.dispose]();
  using second = arena.allocate(128);
  expect(second.address).toBe(address);
  expect(second.bytes.every((byte) => byte === 0)).toBe(true);
});

test("a block that was given back twice is handed out once, and says so when it is used", () => {
  const arena = new Arena(new FakeCalls());
  const block = arena.allocate(64);
  block[Symbol.dispose]();
  block[Symbol.dispose]();
  expect(arena.allocate(64).address).not.toBe(arena.allocate(64).address);
  expect(() => block.view).toThrow("this memory was given back to the arena");
});

test("text ends with a zero byte", () => {
  using block = new Arena(new FakeCalls()).text("/sys/fs/bpf/ö");
  expect(new TextDecoder().decode(block.bytes)).toBe("/sys/fs/bpf/ö\0");
});

test("large blocks go back to the system, and late uses throw instead of ending the process", () => {
  const arena = new Arena(koffiCalls());
  const block = arena.allocate(64 * 1024 * 1024);
  const { view } = block;
  view.setUint8(view.byteLength - 1, 1);
  block[Symbol.dispose]();
  expect(() => view.getUint8(0)).toThrow(TypeError);
});

test("large blocks can come and go hundreds of times", () => {
  const arena = new Arena(koffiCalls());
  for (let round = 0; round < 300; round += 1) {
    using block = arena.allocate(8 * 1024 * 1024 - 100);
    block.view.setUint32(0, round, true);
    expect(block.view.getUint32(0, true)).toBe(round);
  }
});

import { fileURLToPath } from "node:url";
import { i64, struct } from "@weir/bytecode/layout";
import { ArrayMap, loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/raw-helpers.bpf.ts", import.meta.url));
const frame = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

test("helpers by their own names do what the kernel says of them", () => {
  const { object } = compile(file);
  if (object === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const run = (name: string) => {
    const found = loaded.program(name);
    if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
    return found.program.testRun({ data: frame });
  };
  // The frame has 14 bytes more in front; then come the bytes that were stored.
  const rewritten = run("rewrite");
  expect(rewritten.verdict).toBe(0);
  expect([...rewritten.data.slice(14, 24)]).toEqual([4, 3, 2, 1, 0, 0, 0, 0, 9, 10]);
  const summed = run("sum");
  expect([...summed.data.slice(5, 16)]).toEqual([6, 1, 0, 0, 0, 0, 0, 0, 0, 15, 16]);
  expect(ArrayMap.of(loaded.map("SUMS"), { value: struct({ value: i64 }) }).at(0)).toEqual({ value: 3n });
});

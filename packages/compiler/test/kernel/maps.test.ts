import { fileURLToPath } from "node:url";
import { bytes, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, HashMap, type LoadedObject, loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/all-maps.bpf.ts", import.meta.url));
/** No byte is like another, so that none can stand for another unnoticed. */
const frame = Uint8Array.from({ length: 64 }, (_, index) => index + 1);
const address = frame.slice(4, 20);

function run<T>(program: string, look: (object: LoadedObject) => T): T {
  const { object } = compile(file);
  if (object === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const found = loaded.program(program);
  if (found.kind !== "loaded") throw new Error(`there is no program ${program}`);
  for (let turn = 0; turn < 2; turn++) expect(found.program.testRun({ data: frame }).verdict).toBe(2);
  return look(loaded);
}

test("values that are no records", () => {
  run("scalars", (object) => {
    expect([...HashMap.of(object.map("COUNTS"), { key: u32, value: u64 }).entries()]).toEqual([[7, 42n]]);
    expect(ArrayMap.of(object.map("ADDRESSES"), { value: bytes(16) }).at(0)[3]).toBe(address[0]);
  });
});

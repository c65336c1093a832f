import { fileURLToPath } from "node:url";
import { be32, struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, ArrayOfMaps, BpfMap, HashMap, HashOfMaps, loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/map-of-maps.bpf.ts", import.meta.url));
const frame = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

test("a program finds the maps that user space has put into a map", () => {
  const { object } = compile(file);
  const [queue, mark] = ["BY_QUEUE", "BY_MARK"].map((name) => object?.maps.get(name)?.inner);
  if (object === undefined || queue === undefined || mark === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const found = loaded.program("program");
  if (found.kind !== "loaded") throw new Error("there is no program");
  const run = () => expect(found.program.testRun({ data: frame }).verdict).toBe(2);
  // None is there yet.
  run();
  using packets = BpfMap.create({ ...queue, keyType: 0, valueType: 0 });
  using seen = BpfMap.create({ ...mark, keyType: 0, valueType: 0 });
  ArrayOfMaps.of(loaded.map("BY_QUEUE")).set(0, packets);
  HashOfMaps.of(loaded.map("BY_MARK"), { key: u32 }).set(7, seen);
  run();
  run();
  expect(ArrayMap.of(packets, { value: struct({ packets: u64 }) }).at(1)).toEqual({ packets: 2n });
  expect([...HashMap.of(seen, { key: be32, value: u64 }).entries()]).toEqual([[0x0506_0708, 2n]]);
});

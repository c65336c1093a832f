import { fileURLToPath } from "node:url";
import { be32, bytes, struct, u32, u64 } from "@weir/bytecode/layout";
import { Machine } from "@weir/bytecode/machine";
import { ArrayMap, HashMap, type LoadedObject, LpmTrieMap, loadObject, PerCpuArrayMap, RingBuffer } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const fileOf = (name: string): string => fileURLToPath(new URL(`../fixtures/programs/${name}.bpf.ts`, import.meta.url));
const file = fileOf("all-maps");
/** No byte is like another, so that none can stand for another unnoticed. */
const frame = Uint8Array.from({ length: 64 }, (_, index) => index + 1);
const address = frame.slice(4, 20);
const zeros = new Uint8Array(7);

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

test("prefixes, of 32 bits and of 128", () => {
  run("prefixes", (object) => {
    const key = struct({ prefixLength: u32, bits: be32 });
    const networks = LpmTrieMap.of(object.map("NETWORKS"), { key, value: u32 });
    expect([...networks.entries()]).toEqual([[{ prefixLength: 16, bits: 0x0102_0000 }, 1]]);
    const key6 = struct({ prefixLength: u32, bits: bytes(16) });
    const networks6 = LpmTrieMap.of(object.map("NETWORKS6"), { key: key6, value: struct({ hits: u64 }) });
    const [[entry, hits] = []] = networks6.entries();
    // The second run sets the value again.
    expect([entry?.prefixLength, hits]).toEqual([64, { hits: 6n }]);
    expect(entry?.bits.slice(0, 8)).toEqual(address.slice(0, 8));
  });
});

test("a ring buffer, of which a record was reserved and one was copied", () => {
  const { object } = compile(file);
  if (object === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const found = loaded.program("events");
  if (found.kind !== "loaded") throw new Error("there is no program events");
  expect(found.program.testRun({ data: frame }).verdict).toBe(2);
  const records: number[][] = [];
  RingBuffer.of(loaded.map("EVENTS")).drain((record) => records.push([...record]));
  expect(records).toEqual([
    [...address, 1, 2, 3, 4],
    [6, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0],
  ]);
});

test("the value that another CPU has, in the kernel and in a machine of two CPUs", () => {
  const { object } = compile(fileOf("other-cpus"));
  if (object === undefined) throw new Error("other-cpus has mistakes");
  const frames = [64, 65, 64].map((length) => new Uint8Array(length));
  const machine = new Machine(object, { cpus: 2 });
  using loaded = loadObject(object);
  const found = loaded.program("count_elsewhere");
  if (found.kind !== "loaded") throw new Error("there is no program count_elsewhere");
  for (const data of frames) {
    expect(machine.run({ program: "count_elsewhere", packet: data }).result).toBe(2n);
    expect(found.program.testRun({ data }).verdict).toBe(2);
  }
  expect(machine.map("TOTALS").get(new Uint8Array(4))).toEqual(Uint8Array.from([2, ...zeros, 1, ...zeros]));
  const values = PerCpuArrayMap.of(loaded.map("TOTALS"), { value: struct({ packets: u64 }) }).at(0);
  // One CPU alone has no second one.
  expect(values.map(({ packets }) => packets)).toEqual(values.map((_, cpu) => [2n, 1n][cpu] ?? 0n));
});

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { i32, struct, u64 } from "@weir/bytecode/layout";
import {
  ArrayMap,
  attachIterator,
  attachTracepoint,
  type BpfProgram,
  HashMap,
  type LoadedObject,
  loadObject,
} from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/program-types.bpf.ts", import.meta.url));
const Counts = struct({ switches: u64, opened: u64, bytes: u64 });

function load(): LoadedObject {
  const { object } = compile(file);
  if (object === undefined) throw new Error(`${file} has mistakes`);
  return loadObject(object);
}

function programOf(object: LoadedObject, name: string): BpfProgram {
  const found = object.program(name);
  if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
  return found.program;
}

test("the kernel takes a program of every type", () => {
  using object = load();
  for (const name of object.spec.programs.keys()) expect(programOf(object, name)).toBeDefined();
});

test("an iterator goes through all threads", () => {
  using object = load();
  using link = attachIterator(programOf(object, "threads"));
  link.read();
  const threads = HashMap.of(object.map("THREADS"), { key: i32, value: u64 });
  expect(threads.get(process.pid)).toBe(BigInt(readdirSync(`/proc/${process.pid}/task`).length));
});

test("a tracepoint's record is read", async () => {
  using object = load();
  const spec = object.spec.programs.get("switches");
  if (spec === undefined) throw new Error("there is no such program");
  {
    using link = attachTracepoint(programOf(object, "switches"), spec);
    expect(link).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(ArrayMap.of(object.map("COUNTS"), { value: Counts }).at(0).switches).toBeGreaterThan(0n);
});

test("a socket buffer's fields are read and written", () => {
  using object = load();
  expect(programOf(object, "egress").testRun({ data: new Uint8Array(64) }).verdict).toBe(0);
  expect(ArrayMap.of(object.map("COUNTS"), { value: Counts }).at(0).bytes).toBe(64n);
});

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseBtf } from "@weir/bytecode";
import { bytes, i32, struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, attachTracepoint, HashMap, loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { compileFixture } from "../fixture-programs.ts";

const file = fileURLToPath(new URL("../fixtures/programs/tracepoints.bpf.ts", import.meta.url));

/** What `describe` in the program writes down. */
const Child = struct({
  parent: i32,
  grandparent: i32,
  runtime: u64,
  name: bytes(16),
  text: bytes(16),
  first: u32,
  reset: u32,
  missing: u32,
  nameSize: u32,
});

const textOf = (from: Uint8Array): string => Buffer.from(from).toString().replace(/\0.*$/s, "");

test.each([
  ["typed", "CHILDREN"],
  ["raw", "RAW_CHILDREN"],
])("a %s tracepoint reads structures of the kernel", (name, map) => {
  const { object } = compile(file);
  const spec = object?.programs.get(name);
  if (object === undefined || spec === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const found = loaded.program(name);
  if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
  using link = attachTracepoint(found.program, spec);
  expect(link).toBeDefined();
  const { pid } = spawnSync("true");
  const child = HashMap.of(loaded.map(map), { key: i32, value: Child }).get(pid);
  if (child === undefined) throw new Error(`nothing is known of process ${pid}`);
  expect([child.parent, child.grandparent]).toEqual([process.pid, process.ppid]);
  // What has been forked has its parent's name still, and has not run.
  expect([textOf(child.name), textOf(child.text)]).toEqual([textOf(child.text), textOf(child.name)]);
  expect(textOf(child.name)).not.toBe("");
  expect(child.first).toBe(child.name[1]);
  expect([child.runtime, child.reset, child.missing, child.nameSize]).toEqual([0n, 0, 77, 16]);
});

const Answers = struct({
  exists: u32,
  size: u32,
  missing: u32,
  missingSize: u32,
  union: u32,
  ring: u64,
  other: u64,
  negative: u64,
  high: u64,
});

test("the kernel's types and enumerations are asked", () => {
  const { object } = compileFixture("kernel-types");
  if (object === undefined) throw new Error("kernel-types has mistakes");
  using loaded = loadObject(object);
  const found = loaded.program("ask");
  if (found.kind !== "loaded") throw new Error("there is no program ask");
  expect(found.program.testRun({ data: new Uint8Array(64) }).verdict).toBe(0);
  const size = parseBtf(readFileSync("/sys/kernel/btf/vmlinux")).find("struct", "task_struct")?.type.size;
  expect(ArrayMap.of(loaded.map("ANSWERS"), { value: Answers }).at(0)).toEqual({
    exists: 1,
    size,
    missing: 2,
    missingSize: 0,
    union: 1,
    // BPF_MAP_TYPE_RINGBUF and BPF_LWT_REROUTE are promised to user space; the others are negative, or have 32 bits.
    ring: 27n,
    other: 128n,
    negative: 0xffff_ffff_ffff_ffffn,
    high: 0x8000_0000n,
  });
});

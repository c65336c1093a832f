import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bytes, i32, struct, u32, u64 } from "@weir/bytecode/layout";
import { attachTracepoint, HashMap, loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

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

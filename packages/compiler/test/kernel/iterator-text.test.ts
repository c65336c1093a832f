import { readdirSync, readFileSync } from "node:fs";
import { decode, i32, struct, u32 } from "@weir/bytecode/layout";
import { attachIterator, type BpfProgram, type LoadedObject, loadObject, TraceOutput } from "@weir/kernel";
import { expect, test } from "vitest";
import { compileFixture } from "../fixture-programs.ts";

const Thread = struct({ process: u32, thread: i32 });

function load(): LoadedObject {
  const { object } = compileFixture("iterator-text");
  if (object === undefined) throw new Error("iterator-text has mistakes");
  return loadObject(object);
}

function programOf(object: LoadedObject, name: string): BpfProgram {
  const found = object.program(name);
  if (found.kind !== "loaded") throw new Error(`there is no program ${name}`);
  return found.program;
}

test("what an iterator prints is its text, line by line, and not in the trace", () => {
  using object = load();
  using trace = TraceOutput.open();
  using link = attachIterator(programOf(object, "list"));
  for (let round = 0; round < 2; round++) {
    const lines = link.text().split("\n");
    expect(lines[0]).toBe("process name");
    expect(lines).toContain(`${process.pid} ${readFileSync("/proc/self/comm", "utf8").trim()}`);
    expect(lines.at(-2)).toMatch(/^100% of \d+$/);
    expect(lines.at(-1)).toBe("");
    // The second process is the kernel's.
    const second = lines.findIndex((line) => line.startsWith("2 "));
    expect(lines.slice(second, second + 2)).toEqual(["2 kthreadd", "-5 2 ff fffffffffffffffb 0.0.0.0"]);
  }
  expect(trace.drain().filter(({ text }) => text.startsWith("process name"))).toEqual([]);
});

test("what callbacks of an iterator print and write is its text, too", () => {
  using object = load();
  using trace = TraceOutput.open();
  using printed = attachIterator(programOf(object, "from_callbacks"));
  expect(printed.text()).toBe("turn 0 of 1\nname 0\nturn 1 of 1\nname 0\n");
  expect(trace.drain().filter(({ text }) => /^(turn|name) /.test(text))).toEqual([]);
  using written = attachIterator(programOf(object, "records_from_callback"));
  const bytes = written.read();
  expect(Array.from({ length: 4 }, (_, index) => bytes[index * Thread.size])).toEqual([0, 1, 2, 3]);
  expect(bytes.length).toBe(4 * Thread.size);
});

test("records that an iterator writes are read with the layout that they were written with", () => {
  using object = load();
  using link = attachIterator(programOf(object, "threads"));
  const bytes = link.read();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = Array.from({ length: bytes.length / Thread.size }, (_, index) =>
    decode(Thread, view, index * Thread.size),
  );
  const own = all.filter((thread) => thread.process === process.pid).map(({ thread }) => thread);
  expect(own.toSorted()).toEqual(readdirSync("/proc/self/task").map(Number).toSorted());
});

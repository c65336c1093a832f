import { readFileSync } from "node:fs";
import { BtfBuilder, parseBtf } from "@weir/bytecode";
import { requirePath } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics, kernelTypes, UnknownKernelType } from "../../src/index.ts";

function sample(): Uint8Array {
  const btf = new BtfBuilder();
  const int = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const unsigned = btf.add({ kind: "int", name: "unsigned int", size: 4, encoding: "unsigned" });
  const char = btf.add({ kind: "int", name: "char", size: 1, encoding: "char" });
  const bool = btf.add({ kind: "int", name: "_Bool", size: 1, encoding: "bool" });
  const double = btf.add({ kind: "float", name: "double", size: 8 });
  const text = btf.add({ kind: "array", type: char, indexType: int, length: 16 });
  const far = btf.add({ kind: "struct", name: "far", size: 4, members: [{ name: "x", type: int, bitOffset: 0 }] });
  const toFar = btf.add({ kind: "pointer", type: far });
  const nothing = btf.add({ kind: "pointer", type: 0 });
  const hidden = btf.add({ kind: "union", name: "", size: 4, members: [{ name: "either", type: int, bitOffset: 0 }] });
  const inner = btf.add({ kind: "struct", name: "", size: 1, members: [{ name: "on", type: bool, bitOffset: 0 }] });
  const state = btf.add({ kind: "enum", name: "state", size: 4, signed: false, values: [{ name: "UP", value: 1n }] });
  const members = [
    { name: "name", type: text, bitOffset: 0 },
    { name: "far", type: toFar, bitOffset: 128 },
    { name: "anything", type: nothing, bitOffset: 192 },
    { name: "", type: hidden, bitOffset: 256 },
    { name: "inner", type: inner, bitOffset: 288 },
    { name: "flag", type: unsigned, bitOffset: 320, bitSize: 1 },
    { name: "state", type: state, bitOffset: 352 },
    { name: "ratio", type: double, bitOffset: 384 },
  ];
  const thing = btf.add({ kind: "struct", name: "thing", size: 56, members });
  const toThing = btf.add({ kind: "pointer", type: thing });
  const parameters = [nothing, bool, toThing].map((type) => ({ name: "", type }));
  const prototype = btf.add({ kind: "function-prototype", type: 0, parameters });
  const pointer = btf.add({ kind: "pointer", type: prototype });
  btf.add({ kind: "typedef", name: "btf_trace_moved", type: pointer });
  return btf.build();
}

test("structures and tracepoints become TypeScript", () => {
  expect(
    kernelTypes(parseBtf(sample()), ["moved"]),
  ).toBe(`import type { i32, u32, u64, u8 } from "@weir/bytecode/layout";
import type { Bits, KernelArray, KernelStruct, Pointer } from "@weir/compiler/language";

export interface thing extends KernelStruct<"thing"> {
  readonly name: KernelArray<u8, 16>;
  readonly far: Pointer<far>;
  readonly anything: u64;
  readonly either: i32;
  readonly inner: thing_inner;
  readonly flag: Bits<u32>;
  readonly state: u32;
}

export interface thing_inner extends KernelStruct<""> {
  readonly on: boolean;
}

export interface far extends KernelStruct<"far"> {}

/** What \`tpBtf("moved", …)\` takes. */
export type moved_program = (value0: boolean, value1: thing) => void;
`);
  expect(() => kernelTypes(parseBtf(sample()), ["nothing"])).toThrow(UnknownKernelType);
});

const VMLINUX = "/sys/kernel/btf/vmlinux";
const missing = requirePath(VMLINUX, "run on a kernel built with CONFIG_DEBUG_INFO_BTF");

describe.skipIf(missing)("the kernel's own types", () => {
  test("are taken by a program that reads them", () => {
    const kernel = kernelTypes(parseBtf(readFileSync(VMLINUX)), ["task_struct", "sched_switch"]);
    const program = `
      import { i32, u64 } from "@weir/bytecode/layout";
      import { hashMap, tpBtf } from "@weir/compiler/language";
      import type { task_struct } from "./kernel.ts";

      export const RUNTIMES = hashMap({ key: i32, value: u64, maxEntries: 1000 });

      export const measure = tpBtf("sched_switch", (_preempt: boolean, previous: task_struct) => {
        RUNTIMES.update(previous.pid, previous.se.sum_exec_runtime);
      });`;
    const files = new Map([
      ["/kernel-types/program.bpf.ts", program],
      ["/kernel-types/kernel.ts", kernel],
    ]);
    const { object, diagnostics } = compile("/kernel-types/program.bpf.ts", { readFile: (name) => files.get(name) });
    expect(formatDiagnostics(diagnostics)).toBe("");
    expect(object?.programs.get("measure")?.references.map(({ kind }) => kind)).toContain("kernel-type");
  });
});

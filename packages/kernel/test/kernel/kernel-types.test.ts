import { readFileSync } from "node:fs";
import { parseBtf, readObject } from "@weir/bytecode";
import { array, bytes, u32, u64 } from "@weir/bytecode/layout";
import { attachTracepoint, KernelError, type LoadedObject, loadObject, VerifierError } from "@weir/kernel";
import { requirePath, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileSample, compileText } from "../fixtures/clang.ts";
import { objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const HEADERS = requirePath("/usr/include/bpf/bpf_core_read.h", "apt install libbpf-dev");

const INCLUDES = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
char _license[] SEC("license") = "GPL";
`;

/** Runs the programs of an object at the tracepoint that a test run ends at, in this process. */
function runAtTestRun(object: LoadedObject, name: string): void {
  const spec = object.spec.programs.get(name);
  if (spec === undefined) throw new Error(`no program ${name}`);
  using _link = attachTracepoint(programOf(object, name), spec);
  using packets = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
  programOf(packets, "pass").testRun({ data: new Uint8Array(14) });
}

describe.skipIf(requireTool("clang") ?? HEADERS)("the kernel's structures", () => {
  test("are read at their places, whatever the program declares of them", () => {
    using object = loadObject(readObject(compileSample("fields")));
    object.variable("wanted", u32).value = process.pid;
    runAtTestRun(object, "look");

    expect(object.variable("tgid", u32).value).toBe(process.pid);
    expect(object.variable("parent", u32).value).toBe(process.ppid);
    const comm = Buffer.from(object.variable("comm", bytes(16)).value);
    // A test runs in the process's main thread.
    expect(comm.toString("latin1").replace(/\0.*$/, "")).toBe(readFileSync("/proc/self/comm", "utf8").trim());
    expect(object.variable("on_fork", u32).value).toBe(0);
    expect(object.variable("state_size", u32).value).toBe(4);
  });

  test("answer what is asked of them", () => {
    const spec = readObject(compileSample("questions"));
    using object = loadObject(spec);
    runAtTestRun(object, "ask");
    const answers = object.variable("answers", array(u64, 24)).value.map(Number);
    const kernel = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
    const task = kernel.find("struct", "task_struct");
    const buffer = kernel.find("struct", "sk_buff");
    const own = parseBtf(spec.btf ?? new Uint8Array()).find("struct", "not_in_any_kernel");
    const prio = task?.type.members.find(({ name }) => name === "prio");
    const attachTypes = kernel.find("enum", "bpf_attach_type")?.type.values;

    expect(answers).toEqual([
      (prio?.bitOffset ?? 0) / 8,
      16,
      0,
      1,
      1,
      0,
      // The version of an IPv4 header: the upper half of its first byte.
      56,
      60,
      expect.any(Number),
      expect.any(Number),
      expect.any(Number),
      own?.id,
      task?.id,
      0,
      0,
      1,
      buffer?.type.size,
      0,
      1,
      0,
      27,
      Number(attachTypes?.find(({ name }) => name === "__MAX_BPF_ATTACH_TYPE")?.value),
      4,
      77,
    ]);
  });

  test.each([
    [
      "a field",
      `struct task_struct___x { int colour; } __attribute__((preserve_access_index));
       SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) {
         struct task_struct___x *task = (void *)bpf_get_current_task_btf();
         return task->colour;
       }`,
      /This kernel has no field task_struct___x\.colour\./,
    ],
    [
      "an enumerator",
      `enum bpf_map_type___x { BPF_MAP_TYPE_PAINTING = 1 };
       SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) {
         return bpf_core_enum_value(enum bpf_map_type___x, BPF_MAP_TYPE_PAINTING);
       }`,
      /This kernel has no enumerator BPF_MAP_TYPE_PAINTING of enum bpf_map_type___x\./,
    ],
    [
      "a field in a form that can be read",
      `struct task_struct___x { long long tgid; } __attribute__((preserve_access_index));
       SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) {
         struct task_struct___x *task = (void *)bpf_get_current_task_btf();
         return task->tgid;
       }`,
      /This kernel has no field task_struct___x\.tgid in a form that this code can read\./,
    ],
    [
      "a function",
      `extern int bpf_paint(int colour) __ksym __weak;
       SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) { return bpf_paint(3); }`,
      /This kernel has no function bpf_paint\./,
    ],
  ])("are missed by name when the program cannot do without: %s", (_, text, message) => {
    using object = loadObject(readObject(compileText(INCLUDES + text)));
    const load = () => object.program("paint");

    expect(load).toThrow(VerifierError);
    expect(load).toThrow(message);
    expect(load).toThrow(/return .*(colour|PAINTING|tgid|bpf_paint)/);
  });

  test("may lack what the program asks for first", () => {
    const text = `
      extern int bpf_paint(int colour) __ksym __weak;
      struct task_struct___x { int colour; } __attribute__((preserve_access_index));
      __u32 result;
      SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) {
        struct task_struct___x *task = (void *)bpf_get_current_task_btf();
        result = bpf_core_field_exists(task->colour) ? task->colour : 5;
        if (bpf_paint) result += bpf_paint(2);
        return 0;
      }`;
    using object = loadObject(readObject(compileText(INCLUDES + text)));
    runAtTestRun(object, "paint");
    expect(object.variable("result", u32).value).toBe(5);
  });

  test.each([
    ["has no function bpf_paint", `extern int bpf_paint(int colour) __ksym;`, "bpf_paint(3)"],
    [
      "function bpf_rcu_read_lock has other parameters",
      `extern void bpf_rcu_read_lock(int how) __ksym;`,
      "(bpf_rcu_read_lock(3), 0)",
    ],
  ])("have functions with just their parameters: %s", (message, declaration, call) => {
    const text = `${declaration} SEC("tp_btf/bpf_test_finish") int paint(__u64 *context) { return ${call}; }`;
    using object = loadObject(readObject(compileText(INCLUDES + text)));
    const load = () => object.program("paint");

    expect(load).toThrow(KernelError);
    expect(load).toThrow(message);
  });
});

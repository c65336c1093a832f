import {
  type Btf,
  disassembleProgram,
  globalVariables,
  loadableBtf,
  type ObjectSpec,
  type ProgramSpec,
  parseBtf,
  readObject,
  referenceName,
  withVariables,
  writeObject,
} from "@weir/bytecode";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileC } from "../../samples/clang.ts";

const GLOBALS = `
const volatile u32 limit = 7;
static volatile u32 seen;
u64 hits;
u32 preset = 5;
u32 mine SEC(".data.mine") = 3;
__attribute__((visibility("hidden"))) u32 hidden = 9;
const char text[] = "weir";
static __attribute__((noinline)) u32 sum(u32 more) { seen++; return more + preset + mine + hidden; }
SEC("xdp") int count(struct xdp_md *context) {
  hits += text[context->data & 3];
  return sum(context->data) < limit ? 1 : 2;
}
`;

const CALLBACKS = `
static long (*bpf_loop)(u32 count, void *function, void *context, u64 flags) = (void *) 181;
static int each(u32 index, void *context) { *(u32 *)context += index; return 0; }
SEC("xdp") int loop(struct xdp_md *context) { u32 sum = 0; bpf_loop(4, each, &sum, 0); return sum; }
`;

const FILLED = `
struct numbers { __uint(type, 2); __uint(max_entries, 2); __type(key, u32); __type(value, u64); };
struct numbers first SEC(".maps");
static struct numbers second SEC(".maps");
struct { __uint(type, 12); __uint(max_entries, 4); __type(key, u32); typeof(struct numbers) *values[]; } outer SEC(".maps") = {
  .values = { [1] = &first, [3] = (void *)&second },
};
int dropped(struct xdp_md *);
struct { __uint(type, 3); __uint(max_entries, 3); __uint(key_size, 4); int (*values[])(struct xdp_md *); } jumps SEC(".maps") = {
  .values = { [2] = dropped },
};
struct { __uint(type, 30); __uint(max_entries, 9); __type(value, u64); __uint(map_extra, 3); } bloom SEC(".maps");
static long (*bpf_tail_call)(void *context, void *map, u32 index) = (void *) 12;
SEC("xdp") int dropped(struct xdp_md *context) { return 1; }
SEC("xdp") int main_program(struct xdp_md *context) {
  u32 key = 1;
  bpf_map_lookup_elem(&outer, &key);
  bpf_tail_call(context, &jumps, 2);
  return bpf_map_lookup_elem(&bloom, &key) ? 1 : 2;
}
`;

const KERNEL_TYPES = `
struct task_struct___mine { int pid; int tgid; } __attribute__((preserve_access_index));
SEC("tp_btf/sched_switch") int on_switch(u64 *context) {
  struct task_struct___mine *task = (void *)context[1];
  return task->tgid + __builtin_preserve_field_info(task->pid, 2);
}
`;

const KERNEL_FUNCTIONS = `
extern void bpf_rcu_read_lock(void) __attribute__((section(".ksyms")));
extern void bpf_not_there(u32) __attribute__((section(".ksyms"), weak));
SEC("xdp") int locks(struct xdp_md *context) {
  bpf_rcu_read_lock();
  if (bpf_not_there) bpf_not_there(3);
  return 2;
}
`;

function programOf(object: ObjectSpec, name: string): ProgramSpec {
  const program = object.programs.get(name);
  if (program === undefined) throw new Error(`the sample has program ${name}`);
  return program;
}

const referred = (program: ProgramSpec, btf?: Btf): string[] =>
  program.references.map((reference) => referenceName(reference, btf));

describe.skipIf(requireTool("clang"))("an object that clang made", () => {
  test("has its global variables in a map for each section", () => {
    const object = readObject(compileC(GLOBALS));
    const program = programOf(object, "count");

    expect([...object.maps.keys()]).toEqual([".rodata", ".data", ".data.mine", ".bss"]);
    expect(object.maps.get(".rodata")).toMatchObject({ type: "array", keySize: 4, maxEntries: 1, flags: 0x480 });
    expect(object.maps.get(".data")?.contents).toEqual(Uint8Array.of(5, 0, 0, 0, 9, 0, 0, 0));
    expect(object.maps.get(".bss")).toMatchObject({ valueSize: 12, flags: 0x400, contents: new Uint8Array(12) });
    expect(globalVariables(object).get("limit")).toMatchObject({
      map: ".rodata",
      offset: 0,
      size: 4,
      linkage: "global",
    });
    expect(globalVariables(object).get("hidden")?.linkage).toBe("static");
    const names = ["text", "hits", "limit", "seen", "preset", "mine", "hidden"];
    expect(new Set(referred(program, parseBtf(object.btf ?? new Uint8Array())))).toEqual(new Set(names));
    expect(referred(program)).toContain(".bss+8");
  });

  test("begins with other values when told so", () => {
    const object = readObject(compileC(GLOBALS));
    const changed = withVariables(object, { limit: Uint8Array.of(1, 2, 3, 4) });

    expect(changed.maps.get(".rodata")?.contents?.subarray(0, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(object.maps.get(".rodata")?.contents?.[0]).toBe(7);
    expect(() => withVariables(object, { lim: Uint8Array.of(1) })).toThrow(/no variable "lim"; it has limit, text/);
    expect(() => withVariables(object, { limit: Uint8Array.of(1) })).toThrow(/"limit" has 4 bytes, not 1/);
  });

  test("has the addresses of its functions", () => {
    const object = readObject(compileC(CALLBACKS));

    expect(disassembleProgram(programOf(object, "loop"), object.btf)).toMatch(/r2 = function\[\+\d+\] ll ; each/);
  });

  test("has what its maps begin with", () => {
    const { maps } = readObject(compileC(FILLED));

    expect(maps.get("outer")).toMatchObject({
      type: "array-of-maps",
      valueSize: 4,
      inner: { name: "outer.inner", type: "array", valueSize: 8, maxEntries: 2 },
      entries: [
        { index: 1, name: "first" },
        { index: 3, name: "second" },
      ],
    });
    expect(maps.get("jumps")).toMatchObject({ type: "program-array", entries: [{ index: 2, name: "dropped" }] });
    expect(maps.get("bloom")).toMatchObject({ type: "bloom-filter", keySize: 0, valueSize: 8, extra: 3n });
  });

  test("has its CO-RE relocations", () => {
    const object = readObject(compileC(KERNEL_TYPES));
    const program = programOf(object, "on_switch");
    const type = parseBtf(object.btf ?? new Uint8Array()).find("struct", "task_struct___mine")?.id;

    expect(program).toMatchObject({ type: "typed-tracepoint", section: "tp_btf/sched_switch" });
    expect(program.references).toMatchObject([
      { kind: "kernel-type", question: "field-offset", type, access: "0:1" },
      { kind: "kernel-type", question: "field-exists", type, access: "0:0" },
    ]);
    expect(disassembleProgram(program, object.btf)).toMatch(/ ; field-offset of field task_struct___mine\.tgid\n/);
  });

  test("has what it calls of the kernel, and declares it to nobody but libbpf", () => {
    const object = readObject(compileC(KERNEL_FUNCTIONS));
    const program = programOf(object, "locks");
    const types = parseBtf(loadableBtf(object.btf ?? new Uint8Array()));

    expect(program.references).toMatchObject([
      { kind: "kernel-function", name: "bpf_rcu_read_lock", optional: false },
      { kind: "kernel-function", name: "bpf_not_there", optional: true },
      { kind: "kernel-function", name: "bpf_not_there", optional: true },
    ]);
    expect(disassembleProgram(program, object.btf)).toMatch(/call kernel-function#0 ; bpf_rcu_read_lock/);
    expect(types.find("section", ".ksyms")).toBeUndefined();
    expect(types.find("function", "bpf_not_there")).toBeUndefined();
  });

  test.each([
    ["global variables", GLOBALS],
    ["addresses of functions", CALLBACKS],
    ["maps that begin with something", FILLED],
    ["CO-RE relocations", KERNEL_TYPES],
    ["functions of the kernel", KERNEL_FUNCTIONS],
  ])("is the same after being written and read: %s", (_, text) => {
    const object = readObject(compileC(text));
    const bytes = writeObject(object);
    const again = readObject(bytes);

    expect(again.programs).toEqual(object.programs);
    expect(again.maps).toEqual(object.maps);
    expect(writeObject(again)).toEqual(bytes);
  });
});

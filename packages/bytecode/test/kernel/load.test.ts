import { readObject, withMap, writeObject } from "@weir/bytecode";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { LoadedProgram } from "../samples/bpftool.ts";
import { compileC } from "../samples/clang.ts";
import { sampleObject } from "../samples/object.ts";

describe.skipIf(requireRoot() ?? requireTool("bpftool"))("an object that was written", () => {
  test("is loaded by bpftool, with its functions, lines and maps", () => {
    using program = new LoadedProgram(writeObject(sampleObject()));

    expect(program.run(new Uint8Array(14))).toBe(2n);
    expect(program.disassembly()).toMatch(
      /int pass_all\(void \* ?packet\):\n; export const pass_all = .*line_num:3 line_col:1/,
    );
    expect(program.disassembly()).toMatch(/int verdict\(u32 count\):\n; return XDP_PASS; .*line_num:8 line_col:3/);
  });

  test("is loaded after being read and changed", () => {
    const object = withMap(readObject(writeObject(sampleObject())), "STATS", { maxEntries: 99 });
    using program = new LoadedProgram(writeObject(object));

    expect(program.run(new Uint8Array(14))).toBe(2n);
  });

  test.skipIf(requireTool("clang"))("is loaded when it came from clang", () => {
    const object = readObject(
      compileC(`
        struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } counts SEC(".maps");
        static __attribute__((noinline)) int inner(int x) {
          u32 key = 0;
          return bpf_map_lookup_elem(&counts, &key) ? x : 0;
        }
        SEC("xdp") int main_program(struct xdp_md *context) { return inner(1) + inner(2); }`),
    );
    using program = new LoadedProgram(writeObject(object));

    expect(program.run(new Uint8Array(14))).toBe(3n);
  });
});

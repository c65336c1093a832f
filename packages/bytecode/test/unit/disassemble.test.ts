import { execFileSync } from "node:child_process";
import {
  alu,
  atomic,
  byteSwap,
  callFunction,
  callHelper,
  disassemble,
  disassembleProgram,
  exit,
  forms,
  goto,
  type Instruction,
  jump,
  load,
  loadImmediate64,
  loadMapAddress,
  negate,
  store,
  writeObject,
} from "@weir/bytecode";
import { requireTool } from "@weir/laboratory";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instructionOf } from "../samples/instructions.ts";
import { sampleObject } from "../samples/object.ts";
import { TemporaryFile } from "../samples/temporary-file.ts";

describe("disassemble", () => {
  test("writes one line for each instruction, as the verifier does", () => {
    const instructions = [
      load(32, 1, 1, 4),
      jump("ugt", 64, 1, { register: 2 }, 5),
      jump("set", 32, 1, 4, -2),
      callHelper(1),
      callFunction(-3),
      ...loadImmediate64(2, -1n),
      ...loadMapAddress(1),
      alu("mov", 32, 0, { register: 2 }),
      alu("sar", 64, 0, 3),
      negate(64, 1),
      byteSwap(16, 1),
      store(64, 10, -8, 7),
      atomic("add", 64, 1, 0, 2),
      atomic("compare-exchange", 32, 1, 8, 2),
      goto(1),
      exit(),
      { opcode: 0xff, destination: 0, source: 0, offset: 0, immediate: 0 },
    ];
    const notes = new Map([[7, "STATS"]]);

    expect(disassemble(instructions, { notes, headings: new Map([[3, ["a.ts:4 lookup(0)"]]]) })).toMatchInlineSnapshot(`
      "   0: r1 = *(u32 *)(r1 + 4)
         1: if r1 > r2 goto +5
         2: if w1 & 4 goto -2
      ; a.ts:4 lookup(0)
         3: call bpf_map_lookup_elem#1
         4: call pc-3
         5: r2 = -1 ll
         7: r1 = map[0] ll ; STATS
         9: w0 = w2
        10: r0 s>>= 3
        11: r1 = -r1
        12: r1 = be16 r1
        13: *(u64 *)(r10 - 8) = 7
        14: lock *(u64 *)(r1 + 0) += r2
        15: w0 = cmpxchg32_32(r1 + 8, w0, w2)
        16: goto +1
        17: exit
        18: invalid 0xff
      "
    `);
  });

  test("names what a program refers to, and its source lines", () => {
    const object = sampleObject();
    const [program] = object.programs.values();

    expect(program && disassembleProgram(program, object.btf)).toMatchInlineSnapshot(`
      "pass_all:
      ; sample.bpf.ts:3:1  export const pass_all = xdp((packet) => {
         0: *(u32 *)(r10 - 4) = 0
         1: r2 = r10
         2: r2 += -4
         3: r1 = map[0] ll ; map STATS
      ; sample.bpf.ts:6:3  return XDP_PASS;
         5: call bpf_map_lookup_elem#1
      ; sample.bpf.ts:6:3  return XDP_PASS;
         6: r2 = 1311768467463790320 ll ; config seed
         8: w1 = 7 ; config limit
         9: call pc+1 ; verdict
        10: exit
      verdict:
      ; sample.bpf.ts:8:3  return XDP_PASS;
        11: r0 = 2
        12: exit
      "
    `);
  });

  test("has a text for every form", () => {
    for (const form of forms) {
      const [instruction] = fc.sample(instructionOf(form), 1);
      if (instruction !== undefined) expect(disassemble([instruction])).not.toMatch(/[{}]|undefined|invalid/);
    }
  });

  test.skipIf(requireTool("llvm-objdump"))("agrees with llvm-objdump", () => {
    // What LLVM 14 takes for an older instruction, or writes with the names of functions and maps.
    const different = /^(sign-extend|alu s(div|mod)|byte-order other|load \d+ true|goto immediate|call|load64)/;
    const instructions = forms
      .filter((form) => !different.test(form.name))
      .flatMap((form) => fc.sample(instructionOf(form), 3));
    const theirs = objdump(instructions).map(normalize);
    const pairs = disassemble(instructions)
      .split("\n")
      .slice(0, -1)
      .map((line, index) => ({ ours: normalize(line), theirs: theirs[index] }))
      // It knows neither remainders nor bit tests nor stores of immediates.
      .filter((pair) => pair.theirs !== "<unknown>");

    expect(pairs.length).toBeGreaterThan(instructions.length * 0.8);
    for (const pair of pairs) expect(pair.ours).toBe(pair.theirs);
  });
});

/** llvm-objdump's lines of code. */
function objdump(instructions: readonly Instruction[]): string[] {
  const program = { name: "sample", section: "xdp", type: "xdp", frags: false, instructions } as const;
  const programs = new Map([["sample", { ...program, references: [], functions: [], lines: [] }]]);
  const object = { license: "MIT", maps: new Map(), programs, configs: new Map(), btf: undefined };
  using file = new TemporaryFile("sample.o", writeObject(object));
  const options = ["-d", "--no-show-raw-insn", "--mattr=+alu32", file.path];
  const text = execFileSync("llvm-objdump", options, { encoding: "utf8" });
  return text.split("\n").filter((line) => /^\s+\d+:/.test(line));
}

/** One line without its number and label; registers of loads and stores as `r`, since LLVM writes `w` up to 32 bits. */
function normalize(line: string): string {
  const text = line.replace(/^\s*\d+:\s*/, "");
  return (text.includes("*(u") || text.includes("((u") ? text.replace(/\bw(\d+)\b/g, "r$1") : text)
    .replace(/ <[^<>\s]+>$/, "")
    .replace(/\b0x[0-9a-f]+\b/gi, (hex) => String(BigInt(hex)));
}

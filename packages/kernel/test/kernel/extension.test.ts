import { alu, BtfBuilder, callFunction, exit, type MapSpec, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, attachEntry, attachExtension, type BpfProgram, extensionRefusal, loadObject } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { countOne } from "../fixtures/count-one.ts";
import { VERDICT } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const { aborted: ABORTED, drop: DROP, pass: PASS } = VERDICT;

/** An object with programs that give a verdict, and one that gives the verdict of its function `decide`. */
function object(): ObjectSpec {
  const btf = new BtfBuilder();
  const int = btf.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const context = btf.add({
    kind: "pointer",
    type: btf.add({ kind: "struct", name: "xdp_md", size: 24, members: [] }),
  });
  const prototype = btf.add({
    kind: "function-prototype",
    type: int,
    parameters: [{ name: "context", type: context }],
  });
  const named = (name: string) => btf.add({ kind: "function", name, type: prototype, linkage: "global" });
  const verdict = (name: string, value: number): ProgramSpec => ({
    name,
    section: "xdp",
    type: "xdp",
    frags: false,
    instructions: [alu("mov", 64, 0, value), exit()],
    references: [],
    functions: [{ slot: 0, type: named(name) }],
    lines: [],
  });
  const asks: ProgramSpec = {
    ...verdict("asks", 0),
    instructions: [callFunction(1), exit(), alu("mov", 64, 0, ABORTED), exit()],
    functions: [
      { slot: 0, type: named("asks") },
      { slot: 2, type: named("decide") },
    ],
  };
  const programs = [asks, verdict("drop", DROP), verdict("pass", PASS)];
  return {
    license: "GPL",
    maps: new Map(),
    programs: new Map(programs.map((program) => [program.name, program])),
    configs: new Map(),
    btf: btf.build(),
  };
}

/** An object with a program that counts how often it runs. */
function counting(): ObjectSpec {
  const program: ProgramSpec = {
    ...{ name: "counts", section: "fentry", type: "typed-tracepoint", frags: false, functions: [], lines: [] },
    instructions: countOne(),
    references: [{ kind: "map", slot: 1, map: "RUNS" }],
  };
  const map: MapSpec = {
    ...{ name: "RUNS", type: "array", keySize: 4, valueSize: 8, maxEntries: 1 },
    ...{ flags: 0, keyType: 0, valueType: 0 },
  };
  return {
    license: "GPL",
    maps: new Map([["RUNS", map]]),
    programs: new Map([["counts", program]]),
    configs: new Map(),
    btf: undefined,
  };
}

const verdictOf = (of: BpfProgram): number => of.testRun({ data: new Uint8Array(64) }).verdict;

const noRoot = requireRoot();
const refusal = noRoot === undefined ? extensionRefusal() : undefined;
const because = refusal === undefined ? "" : ` (not here: ${refusal.answer})`;

describe.skipIf(noRoot ?? refusal !== undefined)(`a program in the place of a function${because}`, () => {
  test("runs where the function is called, until its link is closed", () => {
    using loaded = loadObject(object());
    const asks = programOf(loaded, "asks");
    const target = { program: asks, function: "decide" };
    const drop = programOf(loaded, "drop", { extends: target });
    expect(verdictOf(asks)).toBe(ABORTED);
    const link = attachExtension(drop, target);
    expect(verdictOf(asks)).toBe(DROP);
    expect(link.programId).toBe(drop.id);
    link[Symbol.dispose]();
    expect(verdictOf(asks)).toBe(ABORTED);
  });

  test("takes the place of a whole program, and of functions of several", () => {
    using loaded = loadObject(object());
    using other = loadObject(object());
    const [asks, second] = [programOf(loaded, "asks"), programOf(other, "asks")];
    const whole = { program: second, function: "asks" };
    const drop = programOf(loaded, "drop", { extends: whole });
    using _first = attachExtension(drop, whole);
    using _second = attachExtension(drop, { program: asks, function: "decide" });
    expect([verdictOf(asks), verdictOf(second)]).toEqual([DROP, DROP]);
  });

  test("is refused where another is in its place, and where there is no such function", () => {
    using loaded = loadObject(object());
    const asks = programOf(loaded, "asks");
    const target = { program: asks, function: "decide" };
    using _link = attachExtension(programOf(loaded, "drop", { extends: target }), target);
    const pass = programOf(loaded, "pass", { extends: target });
    expect(() => attachExtension(pass, target)).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
    expect(() => programOf(loaded, "pass", { extends: { program: asks, function: "none" } })).toThrow(
      'look up on function none of program "asks" failed: its types have no such function',
    );
  });
});

describe.skipIf(noRoot ?? refusal !== undefined)(`a program before another one${because}`, () => {
  test("runs each time before it, and changes nothing of what it decides, until its link is closed", () => {
    using loaded = loadObject(object());
    using other = loadObject(counting());
    const asks = programOf(loaded, "asks");
    const pass = programOf(loaded, "pass");
    using counts = ArrayMap.of(other.map("RUNS"), { value: u64 });
    const link = attachEntry(programOf(other, "counts", { enters: asks }), asks);
    expect([verdictOf(asks), verdictOf(asks), verdictOf(pass)]).toEqual([ABORTED, ABORTED, PASS]);
    expect(counts.at(0)).toBe(2n);
    link[Symbol.dispose]();
    expect(verdictOf(asks)).toBe(ABORTED);
    expect(counts.at(0)).toBe(2n);
  });

  test("is refused where the other one was loaded without types", () => {
    const spec = object();
    const untyped = (program: ProgramSpec) => ({ ...program, functions: [] });
    const programs = new Map([...spec.programs].map(([name, program]) => [name, untyped(program)]));
    using loaded = loadObject({ ...spec, programs, btf: undefined });
    using other = loadObject(counting());
    const pass = programOf(loaded, "pass");
    expect(() => programOf(other, "counts", { enters: pass })).toThrow("the program was loaded without types (BTF)");
  });
});

test.runIf(refusal !== undefined)("a kernel that admits none says what it takes", () => {
  expect(refusal?.message).toMatch(/^BPF_PROG_LOAD on program "weir_probe" failed: E[A-Z]+\n/);
  expect(refusal?.message).toContain(
    "Programs that take the place of a function (freplace) need a kernel that is not locked down",
  );
});

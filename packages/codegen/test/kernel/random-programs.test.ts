import type { ObjectSpec } from "@weir/bytecode";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, loadObject } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { type CompiledProgram, type CompileOptions, PASS_NAMES } from "../../src/index.ts";
import { compileRandom, MAP } from "../random-programs/compile.ts";
import { generateProgram } from "../random-programs/generate.ts";
import { INITIAL_ELEMENTS, packetsFor } from "../random-programs/inputs.ts";
import { runOracle } from "../random-programs/oracle.ts";
import { MAP_SPEC } from "../random-programs/run-machine.ts";

function objectOf({ instructions, references }: CompiledProgram): ObjectSpec {
  const described = { name: "program", section: "xdp", type: "xdp", frags: false, functions: [], lines: [] } as const;
  return {
    license: "Dual MIT/GPL",
    maps: new Map([[MAP, MAP_SPEC]]),
    programs: new Map([["program", { ...described, instructions, references }]]),
    configs: new Map(),
    btf: undefined,
  };
}

/** The verifier takes the compiled program, and the kernel runs it as it is written. */
function expectKernelSameAsOracle(seed: number, options: CompileOptions): void {
  const program = generateProgram(seed);
  using object = loadObject(objectOf(compileRandom(program, options)));
  const found = object.program("program");
  if (found.kind !== "loaded") throw new Error("the object lacks its program");
  const map = ArrayMap.of(object.map(MAP), { value: u64 });
  for (const packet of packetsFor(seed)) {
    for (const [index, value] of INITIAL_ELEMENTS.entries()) map.set(index, value);
    const { verdict, data } = found.program.testRun({ data: packet });
    const elements = INITIAL_ELEMENTS.map((_, index) => map.at(index));
    const actual = { result: BigInt(verdict >>> 0), packet: data, elements };
    const expected = runOracle(program, packet, INITIAL_ELEMENTS);
    expect(actual, `packet of ${packet.length} bytes`).toEqual(expected);
  }
}

const ways: readonly [string, CompileOptions][] = [
  ["with all passes", {}],
  ["with no passes", { without: PASS_NAMES }],
  ["with 3 registers", { registers: 3 }],
];

describe("random programs do in the kernel what they say", () => {
  for (const [index, [name, options]] of ways.entries()) {
    test(name, () => {
      for (let count = 0; count < 100; count++) {
        const seed = 50_000 + index * 1000 + count;
        try {
          expectKernelSameAsOracle(seed, options);
        } catch (error) {
          throw new Error(`program ${seed}`, { cause: error });
        }
      }
    });
  }
});

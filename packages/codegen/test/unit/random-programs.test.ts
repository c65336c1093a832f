import { describe, expect, test } from "vitest";
import { type CompileOptions, PASS_NAMES } from "../../src/index.ts";
import { compileRandom } from "../random-programs/compile.ts";
import { generateProgram } from "../random-programs/generate.ts";
import { INITIAL_ELEMENTS, packetsFor } from "../random-programs/inputs.ts";
import { runOracle } from "../random-programs/oracle.ts";
import { runMachine } from "../random-programs/run-machine.ts";

/** The compiled program does what the program says, on every packet. */
function expectSameAsOracle(seed: number, options: CompileOptions): void {
  const program = generateProgram(seed);
  const compiled = compileRandom(program, { ...options, verify: true });
  for (const packet of packetsFor(seed)) {
    const expected = runOracle(program, packet, INITIAL_ELEMENTS);
    const actual = runMachine(compiled, packet, INITIAL_ELEMENTS);
    expect(actual, `program ${seed}, packet of ${packet.length} bytes`).toEqual(expected);
  }
}

const ways: readonly [string, CompileOptions][] = [
  ["with all passes", {}],
  ["with no passes", { without: PASS_NAMES }],
  ...PASS_NAMES.map((name): [string, CompileOptions] => [`without ${name}`, { without: [name] }]),
  ...[3, 4, 6].map((registers): [string, CompileOptions] => [`with ${registers} registers`, { registers }]),
  ["with no passes and 3 registers", { without: PASS_NAMES, registers: 3 }],
];

describe("random programs do in bytecode what they say", () => {
  // Each way has programs of its own, so that all of them together see many.
  for (const [index, [name, options]] of ways.entries()) {
    test(name, () => {
      for (let seed = 0; seed < 60; seed++) expectSameAsOracle(index * 1000 + seed, options);
    });
  }
});

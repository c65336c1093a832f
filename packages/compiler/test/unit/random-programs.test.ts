import { PASS_NAMES } from "@weir/codegen";
import { describe, expect, test } from "vitest";
import type { CompileOptions } from "../../src/index.ts";
import { packetsFor } from "../random-programs/inputs.ts";
import { compileText, interpretText, runInMachine } from "../random-programs/outcome.ts";
import { randomProgram } from "../random-programs/random-program.ts";

const ways: readonly (readonly [string, CompileOptions])[] = [
  ["with all passes", {}],
  ["with no passes", { without: PASS_NAMES }],
  ...PASS_NAMES.map((name) => [`without ${name}`, { without: [name] }] as const),
  ["with 3 registers", { registers: 3 }],
  ["with 5 registers", { registers: 5 }],
];

describe("random programs do in bytecode what their text says", () => {
  // Each way has programs of its own, so that all of them together see many.
  for (const [index, [name, options]] of ways.entries()) {
    test(name, { timeout: 60_000 }, () => {
      for (let seed = index * 1000; seed < index * 1000 + 8; seed++) {
        const text = randomProgram(seed);
        const packets = packetsFor(seed);
        const object = compileText(text, { ...options, verify: true });
        if (object === undefined) continue;
        expect(runInMachine(object, packets), `program ${seed}`).toEqual(interpretText(text, packets));
      }
    });
  }
});

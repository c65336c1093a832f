import { PASS_NAMES } from "@weir/codegen";
import { describe, expect, test } from "vitest";
import type { CompileOptions } from "../../src/index.ts";
import { packetsFor } from "../random-programs/inputs.ts";
import { compileText, interpretText } from "../random-programs/outcome.ts";
import { randomProgram } from "../random-programs/random-program.ts";
import { runInKernel } from "../random-programs/run-in-kernel.ts";

const ways: readonly (readonly [string, CompileOptions])[] = [
  ["with all passes", {}],
  ["with no passes", { without: PASS_NAMES }],
  ["with 3 registers", { registers: 3 }],
];

describe("random programs do in the kernel what their text says, and the verifier takes them", () => {
  for (const [index, [name, options]] of ways.entries()) {
    test(name, () => {
      for (let seed = 70_000 + index * 1000; seed < 70_000 + index * 1000 + 20; seed++) {
        const text = randomProgram(seed);
        const packets = packetsFor(seed);
        const object = compileText(text, options);
        if (object === undefined) continue;
        expect(runInKernel(object, packets), `program ${seed}`).toEqual(interpretText(text, packets));
      }
    });
  }
});

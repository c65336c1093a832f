import { describe, expect, test } from "vitest";
import { CodegenError } from "../../src/index.ts";
import { differenceOf, WAYS } from "../random-programs/trial.ts";

const PROGRAMS = 60;
/** With 3 registers and without passes one program of three hundred needs more stack than there is. */
const LEFT_OUT_AT_MOST = 2;

describe("random programs do in bytecode what they say", () => {
  // Each way has programs of its own, so that all of them together see many.
  for (const [index, [name, options]] of WAYS.entries()) {
    test(name, () => {
      let leftOut = 0;
      for (let seed = 0; seed < PROGRAMS; seed++) {
        try {
          expect(differenceOf(index * 1000 + seed, options)).toBeUndefined();
        } catch (error) {
          if (!(error instanceof CodegenError)) throw error;
          leftOut++;
        }
      }
      expect(leftOut).toBeLessThanOrEqual(LEFT_OUT_AT_MOST);
    });
  }
});

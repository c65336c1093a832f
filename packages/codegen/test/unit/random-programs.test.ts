import { describe, expect, test } from "vitest";
import { differenceOf, WAYS } from "../random-programs/trial.ts";

describe("random programs do in bytecode what they say", () => {
  // Each way has programs of its own, so that all of them together see many.
  for (const [index, [name, options]] of WAYS.entries()) {
    test(name, () => {
      for (let seed = 0; seed < 60; seed++) expect(differenceOf(index * 1000 + seed, options)).toBeUndefined();
    });
  }
});

import { describe, expect, test } from "vitest";
import { trialReport } from "../random-programs/report.ts";
import { runTrial } from "../random-programs/trial.ts";
import { WAY_NAMES } from "../random-programs/ways.ts";

const PROGRAMS = 8;

describe("random programs do in bytecode what their text says", () => {
  // Each way has programs of its own, so that all of them together see many.
  for (const [index, name] of WAY_NAMES.entries()) {
    test(name, { timeout: 60_000 }, () => {
      for (let count = 0; count < PROGRAMS; count++) {
        const seed = index + count * WAY_NAMES.length;
        expect(trialReport(seed, runTrial(seed, { kernel: false }))).toBe("");
      }
    });
  }
});

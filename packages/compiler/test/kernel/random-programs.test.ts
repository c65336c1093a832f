import { stayOnOneCpu } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { trialReport } from "../random-programs/report.ts";
import { runTrial } from "../random-programs/trial.ts";
import { WAY_NAMES } from "../random-programs/ways.ts";

const PROGRAMS = 5;
const FIRST = 7_000 * WAY_NAMES.length;

describe("random programs do in the kernel what their text says, and the verifier takes them", () => {
  stayOnOneCpu();
  for (const [index, name] of WAY_NAMES.entries()) {
    test(name, () => {
      for (let count = 0; count < PROGRAMS; count++) {
        const seed = FIRST + index + count * WAY_NAMES.length;
        expect(trialReport(seed, runTrial(seed, { kernel: true }))).toBe("");
      }
    });
  }
});

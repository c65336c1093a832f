import { expect, test } from "vitest";
import { attempt, garbageOf } from "../garbage/attempt.ts";

const PROGRAMS = 300;

// More of them: npm run fuzz -- --garbage 10000
test("garbled programs give an object or diagnostics with places", { timeout: 120_000 }, () => {
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const ending = attempt(garbageOf(seed));
    const message = ending.kind === "fails" ? ending.message : "";
    expect(message, `again: npm run fuzz -- --garbage 1 --seed ${seed}`).toBe("");
  }
});

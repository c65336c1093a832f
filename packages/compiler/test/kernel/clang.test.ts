import type { ObjectSpec } from "@weir/bytecode";
import { loadObject } from "@weir/kernel";
import { requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import { beforeAll, describe, expect, test } from "vitest";
import { difference } from "../../bench/equivalence.ts";
import { pairs } from "../../bench/suite.ts";

/** Instruction slots that the kernel runs of a program. */
function instructionsOf(spec: ObjectSpec, name: string): number {
  using object = loadObject(spec);
  const found = object.program(name);
  if (found.kind === "not found") throw new Error(`no program ${name}`);
  return found.program.info().translatedInstructions;
}

describe.skipIf(requireRoot() ?? requireTool("clang", "taskset"))("the suite against clang", () => {
  // Both must see the same part of per-CPU maps.
  beforeAll(stayOnOneCpu);

  test("has 40 constructs and 8 whole programs", () => {
    const kinds = Map.groupBy(pairs(), ({ kind }) => kind);
    expect(kinds.get("construct")?.length).toBeGreaterThanOrEqual(40);
    expect(kinds.get("program")?.length).toBeGreaterThanOrEqual(8);
  });

  test.each(pairs().map((pair) => [pair.name, pair] as const))("%s does what its twin in C does", (_, pair) => {
    expect(difference(pair)).toBeUndefined();
  });

  test.each(
    pairs()
      .filter(({ kind }) => kind === "program")
      .map((pair) => [pair.name, pair] as const),
  )("%s has no more instructions than its twin", (_, pair) => {
    const clang = instructionsOf(pair.clang(), pair.program);
    expect(instructionsOf(pair.weir(), pair.program)).toBeLessThanOrEqual(clang);
  });
});

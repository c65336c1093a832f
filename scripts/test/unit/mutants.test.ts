import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mutants } from "../../fuzz/mutants/index.ts";
import { huntMutant } from "../../fuzz/mutants.ts";

const textOf = (file: string): string => readFileSync(new URL(`../../../packages/${file}`, import.meta.url), "utf8");

// All of them, until each is caught: npm run fuzz -- --mutants all
test.each(mutants)("$file: $breaks", ({ file, find, replace }) => {
  expect(textOf(file).split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
});

test("random programs catch one of each kind", { timeout: 120_000 }, () => {
  for (const breaks of [
    "! does nothing",
    "x - c becomes x + c",
    "a call changes no memory",
    "the upper half is kept",
  ]) {
    const index = mutants.findIndex((mutant) => mutant.breaks === breaks);
    expect(huntMutant(index), breaks).toMatch(/ in program \d+/);
  }
});

test("an unbroken compiler is not taken for a broken one", { timeout: 120_000 }, () => {
  expect(huntMutant(undefined, 20)).toBe("survives");
});

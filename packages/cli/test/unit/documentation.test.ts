import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitCodeTable } from "../../src/exit-codes.ts";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the exit codes of the documentation are those of the program", () => {
  const documented = [...README.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => ({
    code: Number(code),
    meaning,
  }));
  expect(documented).toEqual(exitCodeTable());
});

test("every failure but the usage ones has an exit code of its own", () => {
  const codes = exitCodeTable().map(({ code }) => code);
  expect(codes).toEqual([...codes].sort((a, b) => a - b));
  expect(new Set(codes).size).toBe(codes.length);
});

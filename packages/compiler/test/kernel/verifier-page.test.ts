import { readFileSync } from "node:fs";
import { loadObject } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";

const page = readFileSync(new URL("../../../../docs/verifier.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^```ts\n\/\/ ([\w.-]+\.bpf\.ts)\n(.*?)^```$/gms)].map(
  ([, name = "", text = ""]) => [name, text] as const,
);

test("the page has programs to write instead", () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
});

test.each(examples)("the verifier takes %s, which the page says to write instead", (file, text) => {
  const { object, diagnostics } = compile(file, { readFile: (name) => (name === file ? text : undefined) });
  expect(formatDiagnostics(diagnostics)).toBe("");
  if (object === undefined) return;
  using loaded = loadObject(object);
  for (const name of object.programs.keys()) expect(loaded.program(name).kind).toBe("loaded");
});

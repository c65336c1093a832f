import { expect, test } from "vitest";
import { problemsOf, ROOT } from "../../examples/check.ts";
import { examplesOfRepository } from "../../examples/documents.ts";
import { examplesOfMarkdown, examplesOfSource } from "../../examples/extract.ts";

/** The type checker reads the sources of every package. */
const PATIENCE = 120_000;

test("every example of the documents and comments compiles", { timeout: PATIENCE }, () => {
  const examples = examplesOfRepository(ROOT);
  expect(examples.length).toBeGreaterThan(50);
  expect(problemsOf(examples)).toEqual([]);
});

test("an example that does not compile is found, at its line", { timeout: PATIENCE }, () => {
  const document = [
    "```ts",
    "// ports.ts",
    "export const port: number = 53;",
    "```",
    "Text, and `ts`.",
    "```ts",
    'import { port } from "./ports.ts";',
    "",
    "const name: string = port;",
    "```",
  ];
  const comment = [
    "/**",
    " * Words.",
    " * @example",
    " * ```ts",
    " * const one = 1;",
    " * one + two;",
    " * ```",
    " */",
  ];
  const problems = problemsOf([
    ...examplesOfMarkdown("docs/sample.md", document.join("\n")),
    ...examplesOfSource("packages/sample/src/sample.ts", comment.join("\n")),
  ]);
  expect(problems).toEqual([
    { place: "docs/sample.md:9", message: expect.stringContaining("TS2322") },
    { place: "packages/sample/src/sample.ts:6", message: expect.stringContaining("'two'") },
  ]);
});

const KERNEL = `
\`\`\`ts
// answer.bpf.ts
import { XDP_PASS, xdp } from "@weir/compiler/language";

export const answer = xdp((packet) => packet.size);
\`\`\`
`;
const DIAGNOSTICS = `
\`\`\`diagnostics
answer.bpf.ts:4:46 - TS2339: Property 'size' does not exist on type 'XdpPacket'.
4 │ export const answer = xdp((packet) => packet.size);
  │                                              ~~~~
\`\`\`
`;

test("a wrong kernel program is found, unless what is wrong is shown with it", () => {
  expect(problemsOf(examplesOfMarkdown("docs/sample.md", KERNEL))).toEqual([
    { place: "docs/sample.md:3", message: expect.stringContaining("TS2339") },
  ]);
  expect(problemsOf(examplesOfMarkdown("docs/sample.md", KERNEL + DIAGNOSTICS))).toEqual([]);
  const [wrong] = problemsOf(examplesOfMarkdown("docs/sample.md", KERNEL + DIAGNOSTICS.replace("size", "length")));
  expect(wrong?.message).toContain("instead of");
});

test("a block without an end and an @example without a block are mistakes", () => {
  expect(() => examplesOfMarkdown("docs/sample.md", "Text.\n```ts\nport;\n")).toThrow("docs/sample.md:2");
  expect(() => examplesOfSource("sample.ts", "\n/**\n * @example sample();\n */")).toThrow("sample.ts:2");
});

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { templates } from "../../src/diagnostics/templates.ts";
import { compile, type Diagnostic, formatDiagnostics } from "../../src/index.ts";

const folder = fileURLToPath(new URL("../fixtures/mistakes/", import.meta.url));
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith(".bpf.ts") ? [file.slice(0, -".bpf.ts".length)] : [],
);

const diagnosticsOf = (name: string): readonly Diagnostic[] => compile(`${folder}${name}.bpf.ts`).diagnostics;

/** Underlined text in place of offsets: so a person can check it. */
function readable({ code, message, span, notes }: Diagnostic) {
  const place = (at: Diagnostic["span"]) => {
    if (at === undefined) return undefined;
    const { line, column } = at.file.place(at.start);
    return { at: `${line}:${column}`, text: at.file.text.slice(at.start, at.end) };
  };
  return {
    code,
    message,
    ...place(span),
    notes: notes.map((note) => ({ message: note.message, ...place(note.span) })),
  };
}

// After a change that is meant: npx vitest run --project unit packages/compiler -u, and read the difference.
describe("mistakes are named, and the place that is wrong", () => {
  test.for(names)("%s", async (name) => {
    const found = diagnosticsOf(name).map(readable);
    await expect(`${JSON.stringify(found, undefined, 2)}\n`).toMatchFileSnapshot(`${folder}${name}.expected.json`);
  });

  test("every template has a program that it is reported for", () => {
    const reported = new Set(names.flatMap((name) => diagnosticsOf(name).map(({ code }) => code)));
    reported.add(compile("/no/such/file.bpf.ts").diagnostics[0]?.code ?? "");
    const variant = compile(`${folder}../programs/variant.bpf.ts`, { fixed: { speed: 1n } });
    reported.add(variant.diagnostics[0]?.code ?? "");
    // TypeScript refuses what these are for before the compiler sees it; they guard against types that it cannot tell apart.
    const guards = ["WEIR1109", "WEIR1301", "WEIR1305", "WEIR1405"];
    expect(Object.keys(templates).filter((code) => !reported.has(code) && !guards.includes(code))).toEqual([]);
  });

  test("the source line stands below the message, with the place underlined", () => {
    const [first] = diagnosticsOf("index-past-end");
    if (first === undefined) throw new Error("no mistake was found");
    expect(formatDiagnostics([first]).replace(/^.*\//, "")).toBe(
      [
        "index-past-end.bpf.ts:12:13 - WEIR1316: the index may be 0 to 4294967295, the array has 8 elements; mask it with `& 7` or compare it first",
        "12 │   row.cells[row.at] = packet.length;",
        "   │             ~~~~~~",
        "",
      ].join("\n"),
    );
  });
});

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checkModule } from "../../src/compile.ts";
import { templates } from "../../src/diagnostics/templates.ts";
import { compile, type Diagnostic, formatDiagnostics } from "../../src/index.ts";
import { ProgramParser } from "../../src/typescript/parse-program.ts";

const folder = fileURLToPath(new URL("../fixtures/mistakes/", import.meta.url));
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith(".bpf.ts") ? [file.slice(0, -".bpf.ts".length)] : [],
);

const diagnosticsOf = (name: string): readonly Diagnostic[] => compile(`${folder}${name}.bpf.ts`).diagnostics;

/** Far more than any stack takes: in TypeScript, and in what comes behind it. */
const DEEP = [
  ["parentheses", `packet.length > ${"(".repeat(20_000)}1${")".repeat(20_000)}`],
  ["a sum", `packet.length > ${"packet.length + ".repeat(3000)}1`],
  ["conditions", `${"packet.length > 9 && ".repeat(20_000)}packet.length > 5`],
] as const;

function deepDiagnostics([, condition]: readonly [string, string]): readonly Diagnostic[] {
  const text = `import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
export const deep = xdp((packet) => (${condition} ? XDP_DROP : XDP_PASS));
`;
  return compile("/deep.bpf.ts", { readFile: (name) => (name === "/deep.bpf.ts" ? text : undefined) }).diagnostics;
}

/** What the compiler itself says of the program whose types are wrong. */
function guarded(): readonly Diagnostic[] {
  const { module } = new ProgramParser(`${folder}../guards/guards.bpf.ts`).parse(undefined, { typesKnown: true });
  return module === undefined ? [] : checkModule(module).diagnostics;
}

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
    for (const deep of DEEP) reported.add(deepDiagnostics(deep)[0]?.code ?? "");
    const early = compile(`${folder}../programs/copy-packet.bpf.ts`, { kernel: "5.15" });
    expect(early.diagnostics.map(({ message }) => message)).toContain(
      "`bpf_xdp_load_bytes` can be called in xdp programs from Linux 5.18 on, and the program is compiled for Linux 5.15 (`--kernel`)",
    );
    reported.add(early.diagnostics[0]?.code ?? "");
    for (const { code } of guarded()) reported.add(code);
    expect(Object.keys(templates).filter((code) => !reported.has(code))).toEqual([]);
    // And nothing else is reported, but what TypeScript says.
    expect([...reported].filter((code) => !Object.hasOwn(templates, code) && !code.startsWith("TS"))).toEqual([]);
  });

  test.for(DEEP)("what is nested too deeply for a stack is a mistake: %s", ([, text]) => {
    const diagnostics = deepDiagnostics(["", text]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["WEIR1602"]);
    expect(formatDiagnostics(diagnostics)).toContain("nested too deeply");
  });

  test("where TypeScript has not looked, the compiler refuses what it would have refused", async () => {
    const found = `${JSON.stringify(guarded().map(readable), undefined, 2)}\n`;
    await expect(found).toMatchFileSnapshot(`${folder}../guards/guards.expected.json`);
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

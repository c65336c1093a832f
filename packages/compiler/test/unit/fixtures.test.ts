import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { disassembleProgram } from "@weir/bytecode";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";

const folder = fileURLToPath(new URL("../fixtures/programs/", import.meta.url));
const names = readdirSync(folder).flatMap((file) =>
  file.endsWith(".bpf.ts") ? [file.slice(0, -".bpf.ts".length)] : [],
);

// After a change that is meant: npx vitest run --project unit packages/compiler -u, and read the difference.
describe("programs become the code that stands beside them", () => {
  test.for(names)("%s", async (name) => {
    const { object, diagnostics } = compile(`${folder}${name}.bpf.ts`, { verify: true });
    expect(formatDiagnostics(diagnostics)).toBe("");
    if (object === undefined) return;
    const programs = [...object.programs.values()].map((program) => `${disassembleProgram(program, object.btf)}\n`);
    await expect(programs.join("\n")).toMatchFileSnapshot(`${folder}${name}.expected.asm`);
  });
});

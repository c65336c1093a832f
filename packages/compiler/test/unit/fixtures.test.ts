import { disassembleProgram } from "@weir/bytecode";
import { describe, expect, test } from "vitest";
import { formatDiagnostics } from "../../src/index.ts";
import { compileFixture, fixtureFile, fixturePrograms } from "../fixture-programs.ts";

// After a change that is meant: npx vitest run --project unit packages/compiler -u, and read the difference.
describe("programs become the code that stands beside them", () => {
  test.for(fixturePrograms)("%s", async (name) => {
    const { object, diagnostics } = compileFixture(name, { verify: true });
    expect(formatDiagnostics(diagnostics)).toBe("");
    if (object === undefined) return;
    const programs = [...object.programs.values()].map((program) => `${disassembleProgram(program, object.btf)}\n`);
    await expect(programs.join("\n")).toMatchFileSnapshot(fixtureFile(name).replace(/\.bpf\.ts$/, ".expected.asm"));
  });
});

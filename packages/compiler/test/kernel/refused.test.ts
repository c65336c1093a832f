import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadObject, VerifierError } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";

const folder = fileURLToPath(new URL("../fixtures/refused/", import.meta.url));

/** The line that the verifier must be led back to stands below `// refused:`. */
function expectedLine(text: string): number {
  return text.split("\n").findIndex((line) => line.endsWith("// refused:")) + 2;
}

describe("what only the verifier can refuse is named by its TypeScript line", () => {
  test.for(readdirSync(folder))("%s", (name) => {
    const file = `${folder}${name}`;
    const { object, diagnostics } = compile(file);
    expect(formatDiagnostics(diagnostics)).toBe("");
    if (object === undefined) return;
    using loaded = loadObject(object);
    let refusal: unknown;
    try {
      loaded.program("program");
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(VerifierError);
    if (!(refusal instanceof VerifierError)) return;
    expect(refusal.position?.line, refusal.message).toBe(expectedLine(readFileSync(file, "utf8")));
  });
});

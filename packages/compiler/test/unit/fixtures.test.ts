import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";
import { listing } from "../../src/object/listing.ts";

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
    await expect(listing(object)).toMatchFileSnapshot(`${folder}${name}.expected.asm`);
  });
});

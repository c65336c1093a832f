import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testsRunIn } from "@weir/testing";
import { expect, test } from "vitest";
import { examplesOfMarkdown } from "../../../../scripts/examples/extract.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** Workspace packages are run from their sources; users need no such thing. */
const CONFIG = `
const resolve = { conditions: ["source", "module", "node"] };
export default { resolve, ssr: { resolve }, test: { include: ["*.test.ts"] } };
`;

test("the test that docs/testing.md shows passes, with vitest and nothing around it", { timeout: 60_000 }, () => {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  // In the repository, so that it finds the packages.
  using folder = mkdtempDisposableSync(join(ROOT, "dist", "documented-"));
  const text = readFileSync(join(ROOT, "docs/testing.md"), "utf8");
  for (const { name, text: code } of examplesOfMarkdown("docs/testing.md", text)) {
    if (name !== undefined && name !== "vitest.config.ts") writeFileSync(join(folder.path, name), code);
  }
  writeFileSync(join(folder.path, "vitest.config.ts"), CONFIG);
  const words = ["run", "--root", folder.path, "--reporter", "json", "--outputFile", join(folder.path, "report.json")];
  const run = spawnSync(join(ROOT, "node_modules/.bin/vitest"), words, { encoding: "utf8" });

  const report: unknown = JSON.parse(readFileSync(join(folder.path, "report.json"), "utf8"));
  const skipped = testsRunIn() === "kernel" ? 1 : 0;
  expect(report, run.stderr).toMatchObject({
    numPassedTests: 2 - skipped,
    numPendingTests: skipped,
    numFailedTests: 0,
  });
  expect(run.status).toBe(0);
});

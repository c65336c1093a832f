import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempDisposableSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ethernet, loadForTest, testsRunIn } from "@weir/testing";
import { expect, test } from "vitest";
import { examplesOfMarkdown } from "../../../../scripts/examples/extract.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const DOCUMENT = readFileSync(join(ROOT, "docs/testing.md"), "utf8");
/** Workspace packages are run from their sources; users need no such thing. */
const CONFIG = `
const resolve = { conditions: ["source", "module", "node"] };
export default { resolve, ssr: { resolve }, test: { include: ["*.test.ts"], testTimeout: 30_000 } };
`;

/** The files that the document shows, in a folder of the repository, so that they find the packages. */
function stage(): { readonly path: string } & Disposable {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempDisposableSync(join(ROOT, "dist", "documented-"));
  for (const { name, text } of examplesOfMarkdown("docs/testing.md", DOCUMENT)) {
    if (name !== undefined) writeFileSync(join(folder.path, name), text);
  }
  writeFileSync(join(folder.path, "vitest.config.ts"), CONFIG);
  return folder;
}

test("the test that docs/testing.md shows passes, with vitest and nothing around it", { timeout: 60_000 }, () => {
  using folder = stage();
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

test("the mistake that docs/testing.md shows is what the machine says", async () => {
  using folder = stage();
  using object = await loadForTest(join(folder.path, "keep.bpf.ts"), { in: "machine" });
  const shown = /^MachineError: ([\s\S]*?)^```/m.exec(DOCUMENT)?.[1]?.trimEnd() ?? "";
  let said = "";
  try {
    object.program("keep").run(ethernet().ipv4().payload(60));
  } catch (error) {
    if (error instanceof Error) said = error.message;
  }
  // The file's folder is left out where it is shown; which slot it is depends on the compiler.
  const plain = (message: string) => message.replace(/^\S*\/(?=keep\.bpf\.ts)/, "").replace(/\d+(?=: call)/, "N");
  expect(plain(said)).toBe(plain(shown));
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../fixtures/leaks", import.meta.url));

function run(sample: string) {
  const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
  const words = [vitest, "run", "--root", root, "--reporter", "verbose", sample];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test("a test file that leaves a descriptor open fails, with the place that opened it", () => {
  const { status, output } = run("leaking");
  expect(status).toBe(1);
  expect(output).toMatch(
    /1 descriptors were left open:\s+a leaked file \(descriptor \d+\), opened\s+at .*leaking\.sample\.ts/,
  );
});

test("one that closes what it shares in its last hook does not", () => {
  expect(run("tidy")).toMatchObject({ status: 0 });
});

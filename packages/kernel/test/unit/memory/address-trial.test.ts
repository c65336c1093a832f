import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const trial = fileURLToPath(new URL("../../fixtures/address-trial.ts", import.meta.url));

function run(kind: "buffer" | "arena") {
  return spawnSync(process.execPath, ["--conditions=source", "--expose-gc", trial, kind], { encoding: "utf8" });
}

test("addresses in the arena hold what was written, whatever the garbage collector does", () => {
  expect(run("arena")).toMatchObject({ status: 0, stdout: "0" });
});

test("addresses of Buffers do not: why the arena exists", () => {
  const { status, stdout } = run("buffer");
  // Freed memory holds something else by then, or is no memory any more.
  expect(status !== 0 || Number(stdout) > 1000).toBe(true);
});

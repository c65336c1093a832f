import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../fixtures/without-native-code.ts", import.meta.url));

/** A process of its own: the ones that tests run in have native code from others. */
function run(...words: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, ["--conditions=source", script, ...words], { encoding: "utf8" });
}

test("a test in the machine loads no native code", () => {
  expect(run()).toMatchObject({ stdout: "drop\n", stderr: "", status: 0 });
});

test("what makes sure of it notices native code", () => {
  expect(run("kernel")).toMatchObject({ status: 3, stderr: expect.stringContaining("koffi") });
});

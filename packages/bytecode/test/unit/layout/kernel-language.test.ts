import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("kernel programs get the types of layouts without TypeScript's library", () => {
  const folder = join(import.meta.dirname, "../../samples/kernel-language");
  const tsc = join(import.meta.dirname, "../../../../../node_modules/typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "--project", folder], { encoding: "utf8" });

  expect(stdout.split("\n").filter((line) => line.includes("error"))).toEqual([
    expect.stringContaining("program.bpf.ts(20,14): error TS2322: Type 'u32' is not assignable to type 'u16'."),
    expect.stringContaining("program.bpf.ts(21,14): error TS2322: Type 'be16' is not assignable to type 'u16'."),
    expect.stringContaining("program.bpf.ts(22,1): error TS2322: Type 'u16' is not assignable to type 'u8'."),
  ]);
});

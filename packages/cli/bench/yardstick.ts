/**
 * What the same machine takes for work of the same kind that is not weir's: a machine at hand may be half as fast as another, all day,
 * and slower still when others share its cores. Tests hold weir against these.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
// biome-ignore lint/style/noRestrictedImports: it is what is measured.
import ts from "typescript";
import { cpuOfChildren } from "./compile-cost.ts";

const { resolve } = createRequire(import.meta.url);
const KERNEL_PROGRAMS = fileURLToPath(new URL("../../programs/src/kernel", import.meta.url));
const DOM = readFileSync(resolve("typescript/lib/lib.dom.d.ts"), "utf8");

/** Milliseconds of CPU of a Node that loads TypeScript, from its start to its end. */
export function loadingCost(): number {
  const before = cpuOfChildren();
  const { status, stderr } = spawnSync(process.execPath, ["-e", `require(${JSON.stringify(resolve("typescript"))})`], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Node ended with ${status}: ${stderr}`);
  return cpuOfChildren() - before;
}

/** Milliseconds of CPU, of all threads, in which `tsc` checks the types of weir's own kernel programs. */
export function checkingCost(): number {
  const before = cpuOfChildren();
  const words = [resolve("typescript/lib/tsc.js"), "--noEmit", "-p", KERNEL_PROGRAMS];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`tsc ended with ${status}: ${stdout}`);
  return cpuOfChildren() - before;
}

/** Milliseconds in which TypeScript parses its largest declaration file in this process. */
export function parsingTime(): number {
  const begin = performance.now();
  ts.createSourceFile("lib.dom.d.ts", DOM, ts.ScriptTarget.Latest);
  return performance.now() - begin;
}

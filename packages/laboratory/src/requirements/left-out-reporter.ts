import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LEFT_OUT_FILE, readLeftOut } from "./left-out.ts";

/**
 * A Vitest reporter that ends the run with what was left out and by which package it would not have been.
 * With `CI=true` leaving anything out fails the run: there everything has to be installed.
 */
export default class LeftOutReporter {
  readonly #directory = mkdtempSync(join(tmpdir(), "weir-left-out-"));

  onInit(): void {
    process.env[LEFT_OUT_FILE] = join(this.#directory, "left-out.jsonl");
  }

  onTestRunEnd(): void {
    const byReason = Map.groupBy(readLeftOut(join(this.#directory, "left-out.jsonl")), ({ reason }) => reason);
    rmSync(this.#directory, { recursive: true, force: true });
    if (byReason.size === 0) return;
    process.stdout.write("\n Left out:\n");
    for (const [reason, entries] of byReason) {
      process.stdout.write(`  ${reason} → ${entries[0]?.remedy}\n`);
      for (const testFile of new Set(entries.map((entry) => entry.testFile))) process.stdout.write(`    ${testFile}\n`);
    }
    if (process.env.CI === "true") process.exitCode = 1;
  }
}

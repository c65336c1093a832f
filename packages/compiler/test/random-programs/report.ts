import type { TrialResult } from "./trial.ts";
import { wayOf } from "./ways.ts";

/** What went wrong with a seed's program, and how to see it again; empty when nothing did. */
export function trialReport(seed: number, result: TrialResult, cpu = 0): string {
  if (result.kind !== "fails") return "";
  const { name, configTime } = wayOf(seed);
  const { kind, message } = result.failure;
  const kernel = kind === "verifier" || kind === "kernel" ? " --kernel" : "";
  // The text depends on it.
  const there = cpu === 0 ? "" : ` --cpu ${cpu}`;
  return [
    `program ${seed} (${name}, ${configTime} configuration): ${kind}`,
    message,
    `again, and made small: npm run fuzz -- --programs 1 --seed ${seed}${kernel}${there}`,
    "",
  ].join("\n");
}

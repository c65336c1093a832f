import type { TrialResult } from "./trial.ts";
import { wayOf } from "./ways.ts";

/** What went wrong with a seed's program, and how to see it again; empty when nothing did. */
export function trialReport(seed: number, result: TrialResult): string {
  if (result.kind !== "fails") return "";
  const { name, configTime } = wayOf(seed);
  const { kind, message } = result.failure;
  const kernel = kind === "verifier" || kind === "kernel" ? " --kernel" : "";
  return [
    `program ${seed} (${name}, ${configTime} configuration): ${kind}`,
    message,
    `again, and made small: npm run fuzz -- --programs 1 --seed ${seed}${kernel}`,
    "",
  ].join("\n");
}

import { onCpu } from "@weir/laboratory";
import { reduceTrial } from "../../packages/compiler/test/random-programs/reduce-trial.ts";
import { trialReport } from "../../packages/compiler/test/random-programs/report.ts";
import { runTrial } from "../../packages/compiler/test/random-programs/trial.ts";
import { wayOf } from "../../packages/compiler/test/random-programs/ways.ts";
import { Tally } from "./tally.ts";

export interface ProgramsOptions {
  readonly count: number;
  readonly seed: number;
  readonly kernel: boolean;
  /** The CPU to stay on where the kernel is asked: with one process for each CPU there are as many more programs. */
  readonly cpu: number;
  readonly write: (text: string) => void;
}

/** Runs random programs, reports those that fail with the smallest program that fails so too; gives how many failed. */
export function fuzzPrograms({ count, seed: first, kernel, cpu, write }: ProgramsOptions): number {
  using _there = kernel ? onCpu(cpu) : undefined;
  const tally = new Tally(`programs from seed ${first}`, count, write);
  let failures = 0;
  for (let seed = first; seed < first + count; seed++) {
    const result = runTrial(seed, { kernel, cpu });
    tally.count(wayOf(seed).name, result.kind === "left out" ? `left out (${result.why})` : result.kind);
    if (result.kind !== "fails") continue;
    failures++;
    write(trialReport(seed, result, cpu));
    write(`smallest program:\n${reduceTrial(seed, result.failure, { kernel, cpu })}\n`);
  }
  tally.finish();
  return failures;
}

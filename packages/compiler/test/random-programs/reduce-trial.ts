import { reduceText } from "../text/reduce.ts";
import { randomProgram } from "./random-program.ts";
import { type Failure, runTrial, type TrialOptions } from "./trial.ts";

/** The smallest program made of the seed's that fails in the same way. */
export function reduceTrial(seed: number, failure: Failure, options: TrialOptions): string {
  return reduceText(randomProgram(seed, options.cpu).text, (text) => {
    const result = runTrial(seed, { ...options, kernel: options.kernel && needsKernel(failure), text });
    return result.kind === "fails" && isSame(result.failure, failure);
  });
}

const needsKernel = ({ kind }: Failure): boolean => kind === "verifier" || kind === "kernel";

/** What went wrong, without the numbers, which differ from text to text. */
function isSame(a: Failure, b: Failure): boolean {
  if (a.kind !== b.kind || a.kind === "machine" || a.kind === "kernel") return a.kind === b.kind;
  return gist(a) === gist(b);
}

const gist = ({ message, kind }: Failure): string =>
  (kind === "verifier"
    ? message.replace(/\s*\d+ [│|].*|\(\d+ lines? of the verifier.*/gs, "")
    : (message.split("\n")[0] ?? "")
  )
    .replace(/\S*program\.bpf\.ts:[\d:]*/g, "")
    .replace(/\d+/g, "N");

import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** Names the file in which the test processes write down what they leave out; `LeftOutReporter` sets it. */
export const LEFT_OUT_FILE = "WEIR_TEST_LEFT_OUT";

/** Why some tests do not run, and what would make them run. */
export interface Lack {
  readonly reason: string;
  readonly remedy: string;
}

/** What a file of tests does without. */
export interface LeftOut extends Lack {
  readonly testFile: string;
}

/** Writes down that tests of a file, the calling one unless given, are left out; the reporter prints it at the end of the run. */
export function recordLeftOut({ reason, remedy }: Lack, testFile = callingTestFile()): void {
  const file = process.env[LEFT_OUT_FILE];
  if (file) appendFileSync(file, `${JSON.stringify({ testFile, reason, remedy } satisfies LeftOut)}\n`);
}

/** What was written down, without repetitions. */
export function readLeftOut(file: string): LeftOut[] {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  // This module wrote the lines, one `LeftOut` each.
  return [...new Set(lines)].map((line) => JSON.parse(line) as LeftOut);
}

function callingTestFile(): string {
  const frame = /((?:[^\s/(:]+\/)*[^\s/(:]+\.test\.ts)/.exec(new Error().stack ?? "");
  return frame?.[1]?.replace(/^.*packages\//, "packages/") ?? "a test";
}

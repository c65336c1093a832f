import type { Verdict } from "../replay-result.ts";

/** By the numbers of `enum xdp_action`. */
const VERDICTS: readonly Verdict[] = ["aborted", "drop", "pass", "tx", "redirect"];

/** What a program's return value means. */
export function verdictOf(value: number): Verdict {
  return VERDICTS[value] ?? "other";
}

/** A count of 0 for each verdict. */
export function noVerdicts(): Record<Verdict, number> {
  return { aborted: 0, drop: 0, pass: 0, tx: 0, redirect: 0, other: 0 };
}

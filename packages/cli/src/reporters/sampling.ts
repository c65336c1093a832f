import type { Sampling, StandardError } from "@weir/engine";
import { formatCount, formatPercent } from "../text/units.ts";

/** What is sampled, in a few words for a heading. */
export function samplingPieces(sampling: Sampling | undefined): string[] {
  if (sampling === undefined) return [];
  const rate = `1/${sampling.rate}`;
  if (sampling.by === "flows") {
    const { connections, standardError } = sampling;
    return [`flows sampled ${rate}: ~${formatCount(connections)} ±${formatCount(standardError)} connections`];
  }
  const { budget } = sampling;
  if (budget === undefined) return [`sampled ${rate}`];
  return [`sampled ${rate}`, `budget ${formatPercent(budget.share)}, used ${formatPercent(budget.used)}`];
}

/** The same for programs that read lines. */
export function samplingWords(sampling: Sampling | undefined, sampledOut: bigint): string {
  if (sampling === undefined) return "";
  const rate = `1/${sampling.rate}`;
  if (sampling.by === "flows") {
    const { connections, standardError } = sampling;
    const estimate = `estimated-connections ~${connections} ±${standardError.toFixed(1)}`;
    return ` sampled flow:${rate} sampled-out ${sampledOut} ${estimate}`;
  }
  const { budget } = sampling;
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const cost = budget === undefined ? "" : ` budget ${percent(budget.share)} used ${percent(budget.used)}`;
  return ` sampled ${rate} sampled-out ${sampledOut}${cost}`;
}

/** A number as it is printed, marked when it is an estimate: `~12,300 ±9 %`. */
export function estimated(
  text: string,
  value: bigint | number,
  error: StandardError | undefined,
  of: keyof StandardError,
): string {
  return error === undefined ? text : `~${text} ±${formatPercent(error[of] / Math.max(Number(value), 1))}`;
}

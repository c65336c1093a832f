import { EngineError } from "../errors.ts";
import type { BudgetOptions, SampleOptions } from "../options.ts";

/** What is sampled, and how many of them: one of `rate`. */
export interface SampleSettings {
  readonly by: "packets" | "flows";
  readonly rate: number;
}

/** Beyond it nothing is gained: a hundred thousand packets a second are then counted by one or two. */
export const RAREST = 65_536;

const LEAST_BUDGET = 0.1;

/** Undefined where everything is counted. @throws {EngineError} `WEIR_OPTION` */
export function sampleSettings({ sample }: SampleOptions): SampleSettings | undefined {
  if (sample === undefined) return undefined;
  const [, flow, digits] = /^(flow:)?1\/(\d+)$/.exec(sample) ?? [];
  const rate = Number(digits);
  if (rate >= 1 && rate <= RAREST) return { by: flow === undefined ? "packets" : "flows", rate };
  throw new EngineError(
    "WEIR_OPTION",
    `option sample is ${JSON.stringify(sample)}; it must be 1/N for one of N packets, or flow:1/N for one of N connections, ` +
      `with N from 1 to ${RAREST}`,
  );
}

/** Whether what connections count are estimates: connections that were chosen are counted exactly. */
export function hasEstimates(sample: SampleSettings | undefined): boolean {
  return sample?.by === "packets";
}

/** As it is given. */
export function sampleText({ by, rate }: SampleSettings): string {
  return by === "flows" ? `flow:1/${rate}` : `1/${rate}`;
}

/** The part of one CPU; undefined without a budget. @throws {EngineError} `WEIR_OPTION` */
export function budgetShare({ budget, sample }: BudgetOptions & SampleOptions): number | undefined {
  if (budget === undefined) return undefined;
  const percent = /^\d+(\.\d+)?%$/.test(budget) ? Number.parseFloat(budget) : Number.NaN;
  if (!(percent >= LEAST_BUDGET && percent <= 100)) {
    throw new EngineError(
      "WEIR_OPTION",
      `option budget is ${JSON.stringify(budget)}; it must be a percentage of one CPU from ${LEAST_BUDGET}% to 100%, like 5%`,
    );
  }
  if (sample !== undefined) {
    throw new EngineError(
      "WEIR_OPTION",
      "options sample and budget exclude each other: a budget chooses the rate by itself\n  Give one of them.",
    );
  }
  return percent / 100;
}

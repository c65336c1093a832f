import { type Log, USUAL_LOG_RATE } from "../rule-set/log.ts";
import { type LimitText, limitText } from "./limit-text.ts";

/** How much a rule logs, as a rules file says it. */
export type LogText = Pick<LimitText, "rate" | "burst">;

/**
 * How much a rule logs, as a rules file says it: what is read of it is the same.
 *
 * @example
 * ```ts
 * const rate = { unit: "packets", amount: 100, seconds: 1 } as const;
 * logText({ kind: "log", rate, burst: 20 }); // { rate: "100/s", burst: "20" }
 * ```
 * @returns undefined for what is logged where nothing is said
 */
export function logText({ rate, burst }: Log): LogText | undefined {
  const text = limitText({ kind: "limit", rate, burst, per: { kind: "rule" } });
  const isUsual = text.burst === undefined && text.rate === USUAL_TEXT;
  return isUsual ? undefined : text;
}

const USUAL_TEXT = `${USUAL_LOG_RATE.amount}/s`;

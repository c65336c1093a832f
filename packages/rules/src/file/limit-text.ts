import type { Limit, LimitKey, Rate } from "../rule-set/limit.ts";
import { defaultBurst } from "./rate.ts";

/** A limit as a rules file says it. */
export interface LimitText {
  readonly rate: string;
  /** Undefined: the one that goes with the rate. */
  readonly burst?: string;
  /** Undefined: all frames of the rule have the rate together. */
  readonly per?: string;
}

const FACTORS = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;
const TIMES: Readonly<Record<number, string>> = { 1: "s", 60: "min", 3600: "h" };

/**
 * A limit as a rules file says it: what is read of it is the same limit.
 *
 * @example
 * ```ts
 * const rate = { unit: "packets", amount: 1000, seconds: 1 } as const;
 * limitText({ kind: "limit", rate, burst: 100, per: { kind: "rule" } }); // { rate: "1000/s" }
 * ```
 */
export function limitText({ rate, burst, per }: Limit): LimitText {
  return {
    rate: rateText(rate),
    ...(burst !== defaultBurst(rate) && { burst: amountText(burst, rate.unit) }),
    ...(per.kind !== "rule" && { per: keyText(per) }),
  };
}

function rateText({ unit, amount, seconds }: Rate): string {
  return `${amountText(amount, unit)}/${TIMES[seconds] ?? `${seconds}s`}`;
}

function amountText(amount: number, unit: Rate["unit"]): string {
  // 1000/s is how people write it.
  const isSmall = unit === "packets" && amount < 10_000;
  const [factor, letter] = FACTORS.find(([one]) => !isSmall && amount % one === 0) ?? [1, ""];
  return `${digits(amount / factor)}${letter}${unit === "bits" ? "bit" : ""}`;
}

/** Never with an exponent, which rates have not. */
function digits(value: number): string {
  return value.toLocaleString("en-US", { useGrouping: false, maximumSignificantDigits: 17 });
}

function keyText(key: LimitKey): string {
  if (key.kind !== "source") return key.kind;
  const { ipv4, ipv6 } = key;
  if (ipv6 === 128) return ipv4 === 32 ? "source" : `source/${ipv4}`;
  return ipv4 === 32 && ipv6 > 32 ? `source/${ipv6}` : `source/${ipv4}/${ipv6}`;
}

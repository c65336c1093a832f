import type { ValueWidth } from "../ir/operation.ts";
import type { Value } from "../ir/value.ts";
import { constantOf, fitsImmediate } from "./constant.ts";
import { possibleBits } from "./possible-bits.ts";
import type { ValueMaker } from "./value-maker.ts";

type Shift = "shl" | "shr" | "sar";

/** What a shift is more simply. */
export function foldShift(
  operator: Shift,
  width: ValueWidth,
  left: Value,
  right: Value,
  maker: ValueMaker,
): Value | undefined {
  if (constantOf(left) === 0n) return left;
  const given = constantOf(right);
  if (given === undefined) return undefined;
  const bits = BigInt(width);
  const amount = given % bits;
  const shift = (of: Shift, value: Value, by: bigint): Value =>
    maker.pure(width, { kind: "binary", operator: of }, [value, maker.constant(width, by)]);
  // The verifier refuses amounts beyond the width, which the instruction takes modulo the width.
  if (given !== amount) return shift(operator, left, amount);
  if (amount === 0n) return left;
  const leftBits = possibleBits(left);
  if (operator === "sar" && leftBits >> (bits - 1n) === 0n) return shift("shr", left, amount);
  if (operator === "shr" && leftBits >> amount === 0n) return maker.constant(width, 0n);
  const inner = left.operation;
  if (inner.kind !== "binary") return undefined;
  const [base, second] = left.operands.map((operand) => operand.current);
  const innerAmount = constantOf(second);
  if (base === undefined || innerAmount === undefined) return undefined;
  if (inner.operator === operator) {
    const sum = innerAmount + amount;
    if (sum < bits) return shift(operator, base, sum);
    return operator === "sar" ? shift("sar", base, bits - 1n) : maker.constant(width, 0n);
  }
  // A pair of shifts by the same amount is a mask, which old verifiers understand better.
  if (innerAmount !== amount) return undefined;
  const all = (1n << bits) - 1n;
  const masks: Partial<Record<string, bigint>> = { "shl shr": all >> amount, "shr shl": (all << amount) & all };
  const mask = masks[`${inner.operator} ${operator}`];
  if (mask === undefined || !fitsImmediate(width, mask)) return undefined;
  return maker.pure(width, { kind: "binary", operator: "and" }, [base, maker.constant(width, mask)]);
}

import { constantOf } from "../fold/constant.ts";
import { fold } from "../fold/fold.ts";
import { possibleBits } from "../fold/possible-bits.ts";
import type { ValueMaker } from "../fold/value-maker.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Operation, ValueWidth } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";

/**
 * Makes a multiplication and a shift in 64 bits of a 32-bit quotient by a constant, and of a remainder what is left: a quarter of the
 * time of a division (Granlund, Montgomery: Division by Invariant Integers using Multiplication, 1994).
 *
 * Needs: whole IR. Gives: whole IR. Destroys: nothing.
 */
export function reduceStrength(irFunction: IrFunction): void {
  for (const block of irFunction.blocks) {
    const { values } = block;
    block.values = [];
    for (const value of values) {
      const reduced = reducedDivision(value, maker(irFunction, block.values, value.position));
      if (reduced === undefined) block.values.push(value);
      else value.replaceWith(reduced);
    }
  }
  settle(irFunction);
}

/** Makes values at the end of a list. */
function maker(irFunction: IrFunction, values: Value[], position: Value["position"]): ValueMaker {
  const made: ValueMaker = {
    constant: (width: ValueWidth, value: bigint) => irFunction.constant(width, value),
    pure(width: ValueWidth, operation: Operation, operands: readonly Value[]) {
      const known = fold(width, operation, operands, made);
      if (known !== undefined) return known;
      const value = irFunction.value(width, operation, [...operands], position);
      values.push(value);
      return value;
    },
  };
  return made;
}

function reducedDivision({ operation, operands, width }: Value, { constant, pure }: ValueMaker): Value | undefined {
  const [dividend, second] = operands.map((operand) => operand.current);
  const divisor = constantOf(second);
  if (operation.kind !== "binary" || dividend === undefined || divisor === undefined) return undefined;
  const { operator } = operation;
  if ((operator !== "div" && operator !== "mod") || divisor < 3n || possibleBits(dividend) >> BITS !== 0n) {
    return undefined;
  }
  const found = factorOf(divisor);
  if (found === undefined) return undefined;
  const binary = (of: "mul" | "shr" | "sub", bits: ValueWidth, left: Value, right: Value): Value =>
    pure(bits, { kind: "binary", operator: of }, [left, right]);
  const wide = width === 64 ? dividend : pure(64, { kind: "zero-extend" }, [dividend]);
  const product = binary("mul", 64, wide, constant(64, found.factor));
  const quotient64 = binary("shr", 64, product, constant(64, found.shift));
  const quotient = width === 64 ? quotient64 : pure(32, { kind: "truncate" }, [quotient64]);
  if (operator === "div" || width === 0) return quotient;
  return binary("sub", width, dividend, binary("mul", width, quotient, constant(width, divisor)));
}

const BITS = 32n;

/** `x * factor >> shift` is `x / divisor` for all `x` of 32 bits, and the product fits in 64. */
function factorOf(divisor: bigint): { readonly factor: bigint; readonly shift: bigint } | undefined {
  for (let shift = BITS; shift < 64n; shift++) {
    const power = 1n << shift;
    const factor = power / divisor + 1n;
    if (factor >> BITS !== 0n) return undefined;
    // What is too much per unit of the factor must come to less than one in the quotient.
    if (factor * divisor - power <= power >> BITS) return { factor, shift };
  }
  return undefined;
}

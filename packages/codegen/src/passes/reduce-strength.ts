import { constantOf } from "../fold/constant.ts";
import { fold } from "../fold/fold.ts";
import { possibleBits } from "../fold/possible-bits.ts";
import type { ValueMaker } from "../fold/value-maker.ts";
import type { IrFunction } from "../ir/function.ts";
import type { BinaryOperator, Operation, ValueWidth } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import { countUses } from "../ir/use-counts.ts";
import type { Value } from "../ir/value.ts";

/**
 * Makes a multiplication and a shift in 64 bits of a 32-bit quotient by a constant, and of a remainder what is left: a quarter of the
 * time of a division (Granlund, Montgomery: Division by Invariant Integers using Multiplication, 1994).
 *
 * Needs: whole IR. Gives: whole IR. Destroys: nothing.
 */
export function reduceStrength(irFunction: IrFunction): void {
  const uses = countUses(irFunction);
  for (const block of irFunction.blocks) {
    const { values } = block;
    block.values = [];
    for (const value of values) {
      const make = maker(irFunction, block.values, value.position);
      const reduced = reducedDivision(value, make) ?? swappedTogether(value, uses, make);
      if (reduced === undefined) {
        block.values.push(value);
      } else {
        value.replaceWith(reduced);
        uses.set(reduced, uses.get(value) ?? 0);
      }
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

/** Bytes of two numbers that nobody else wants are swapped once: behind a bitwise operation, which is the same in any order. */
function swappedTogether(
  { operation, operands, width }: Value,
  uses: ReadonlyMap<Value, number>,
  { pure }: ValueMaker,
): Value | undefined {
  if (operation.kind !== "binary" || !BITWISE.has(operation.operator) || width === 0) return undefined;
  const [left, right] = operands.map((operand) => operand.current);
  if (left?.operation.kind !== "byte-swap" || right?.operation.kind !== "byte-swap") return undefined;
  if (left.operation.bits !== right.operation.bits || uses.get(left) !== 1 || uses.get(right) !== 1) return undefined;
  return pure(width, left.operation, [pure(width, operation, [...left.operands, ...right.operands])]);
}

const BITWISE: ReadonlySet<BinaryOperator> = new Set(["and", "or", "xor"]);

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

import { constantOf } from "../fold/constant.ts";
import type { IrFunction } from "../ir/function.ts";
import type { BinaryOperator } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { boundedValues, isBounded } from "./bounded-values.ts";
import { demandedBits, demandedOf } from "./demanded-bits.ts";
import { type MemoryRegion, regionOf } from "./memory-region.ts";

const LOW = 0xffff_ffffn;
const DEPTH = 4;
const HOLDS_NUMBERS: ReadonlySet<MemoryRegion> = new Set(["packet", "given", "global"]);
/** Their low bits depend on low bits alone. */
const NARROW: ReadonlySet<BinaryOperator> = new Set(["add", "sub", "mul", "and", "or", "xor"]);
/** Of which one usually waits for the one before. */
const CARRIES: ReadonlySet<BinaryOperator> = new Set(["add", "sub", "mul"]);

/**
 * Computes no bits that nobody looks at: masks that cut off nothing else are dropped, copies of a sign are zeros, and of 64-bit operations whose upper half is not
 * needed the lower one is done in 32 bits, which costs no instruction to cut it off.
 *
 * Needs: whole IR. Gives: whole IR, fewer values. Destroys: nothing.
 */
export function dropUnseenBits(irFunction: IrFunction): void {
  const demanded = demandedBits(irFunction);
  const bounded = boundedValues(irFunction);
  for (const block of irFunction.blocks) {
    const { values } = block;
    block.values = [];
    for (const value of values) {
      const seen = demanded.get(value);
      if (seen !== undefined) readUnmasked(value, seen);
      const simpler =
        seen === undefined
          ? undefined
          : (unmasked(value, seen) ??
            unsigned(irFunction, value, seen, block.values) ??
            (isBounded(value, bounded) ? undefined : narrowed(irFunction, value, seen, block.values)));
      if (simpler === undefined) block.values.push(value);
      else value.replaceWith(simpler);
    }
  }
  settle(irFunction);
}

/** What a value changes only in bits that are not seen. */
function unmasked({ operation, operands, width }: Value, seen: bigint): Value | undefined {
  const [left, right] = operands;
  if (left === undefined) return undefined;
  if (operation.kind === "sign-extend") return width === 32 && seen >> BigInt(operation.from) === 0n ? left : undefined;
  const constant = constantOf(right);
  if (operation.kind !== "binary" || constant === undefined) return undefined;
  switch (operation.operator) {
    case "and":
      return (seen & ~constant) === 0n ? left : undefined;
    case "or":
    case "xor":
      return (seen & constant) === 0n ? left : undefined;
    default:
      return undefined;
  }
}

/** A shift whose copies of the sign are not seen, with zeros in their place; a new value goes to the end of `made`. */
function unsigned(irFunction: IrFunction, value: Value, seen: bigint, made: Value[]): Value | undefined {
  const { operation, operands, width, position } = value;
  const amount = constantOf(operands[1]);
  if (operation.kind !== "binary" || operation.operator !== "sar" || amount === undefined) return undefined;
  if (width === 0 || seen >> (BigInt(width) - (amount % BigInt(width))) !== 0n) return undefined;
  const shifted = irFunction.value(width, { kind: "binary", operator: "shr" }, operands, position);
  made.push(shifted);
  return shifted;
}

/**
 * Reads what is behind a mask that something else needs, where the mask makes no difference: one thing less to wait for, in the middle
 * of what is often a chain of them.
 */
function readUnmasked(value: Value, seen: bigint): void {
  const { operation, operands } = value;
  if (operation.kind !== "binary" || !CARRIES.has(operation.operator)) return;
  for (const [index, operand] of operands.entries()) {
    const masked = operand.current;
    const whole = unmasked(masked, demandedOf(value, index, seen));
    if (whole !== undefined) operands[index] = whole;
  }
}

/** A 64-bit operation in 32 bits; new values go to the end of `made`. */
function narrowed(irFunction: IrFunction, value: Value, seen: bigint, made: Value[]): Value | undefined {
  const { operation, operands, width, position } = value;
  if (width !== 64 || operation.kind !== "binary" || !NARROW.has(operation.operator) || seen > LOW) return undefined;
  const [left, right] = operands.map((operand) => operand.current);
  if (left === undefined || right === undefined || !mayBeNarrow(operation.operator, left, right)) return undefined;
  const low = (wide: Value): Value => {
    const constant = constantOf(wide);
    if (constant !== undefined) return irFunction.constant(32, constant);
    const half = irFunction.value(32, { kind: "truncate" }, [wide], position);
    made.push(half);
    return half;
  };
  const half = irFunction.value(32, operation, [low(left), low(right)], position);
  const whole = irFunction.value(64, { kind: "zero-extend" }, [half], position);
  made.push(half, whole);
  return whole;
}

/** The verifier lets addresses be subtracted in 32 bits, and nothing else. */
function mayBeNarrow(operator: BinaryOperator, left: Value, right: Value): boolean {
  const isLength = operator === "sub" && regionOf(left) === "packet" && regionOf(right) === "packet";
  return isLength || (isNumber(left) && isNumber(right));
}

/** Whether a value is certainly no address, as far as a few operands tell. */
function isNumber(value: Value, depth = DEPTH): boolean {
  if (regionOf(value) === "number") return true;
  const { operation, operands } = value;
  const [first] = operands.map((operand) => operand.current);
  switch (operation.kind) {
    case "truncate":
    case "sign-extend":
    case "byte-swap":
      return true;
    case "load":
      // What a structure of the kernel holds may be an address.
      return first !== undefined && operation.relocation === undefined && HOLDS_NUMBERS.has(regionOf(first));
    case "binary":
      // Other operations are not allowed with addresses.
      if (operation.operator !== "add" && operation.operator !== "sub") return true;
      return depth > 0 && operands.every((operand) => isNumber(operand.current, depth - 1));
    default:
      return false;
  }
}

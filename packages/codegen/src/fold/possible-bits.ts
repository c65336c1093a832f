import type { Value } from "../ir/value.ts";

/** How far to look through operands: deeper finds hardly anything and costs time. */
const DEPTH = 6;

/** A mask of the bits of a value that can be one. */
export function possibleBits(value: Value, depth: number = DEPTH): bigint {
  const all = value.width === 64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  if (depth === 0) return all;
  const { operation, operands } = value;
  const of = (index: number): bigint => {
    const operand = operands[index];
    return operand === undefined ? all : possibleBits(operand.current, depth - 1);
  };
  switch (operation.kind) {
    case "constant":
      return operation.value;
    case "config":
    case "load":
      return (1n << BigInt(operation.bits)) - 1n;
    case "zero-extend":
      return of(0);
    case "truncate":
      return of(0) & all;
    case "byte-swap":
      return operation.bits === 16 ? 0xffffn : all;
    case "phi": {
      // A phi without operands is not complete yet.
      if (operands.length === 0) return all;
      let bits = 0n;
      for (let index = 0; index < operands.length && bits !== all; index++) {
        if (operands[index]?.current !== value) bits |= of(index);
      }
      return bits;
    }
    case "binary": {
      const amount = operands[1]?.current.operation;
      switch (operation.operator) {
        case "and":
          return of(0) & of(1);
        case "or":
        case "xor":
          return of(0) | of(1);
        case "add":
          return upTo(of(0) + of(1), all);
        case "mul":
          return upTo(of(0) * of(1), all);
        case "div":
          return upTo(of(0), all);
        case "mod":
          return amount?.kind === "constant" && amount.value > 0n ? upTo(amount.value - 1n, all) : all;
        case "shl":
          return amount?.kind === "constant" ? (of(0) << amount.value) & all : all;
        case "shr":
          return amount?.kind === "constant" ? of(0) >> amount.value : upTo(of(0), all);
        default:
          return all;
      }
    }
    default:
      return all;
  }
}

/** The largest number a value can be, unsigned. */
export function maximum(value: Value): bigint {
  return possibleBits(value);
}

/** The bits of the numbers from 0 to `largest`. */
function upTo(largest: bigint, all: bigint): bigint {
  return largest > all ? all : (1n << BigInt(largest.toString(2).length)) - 1n;
}

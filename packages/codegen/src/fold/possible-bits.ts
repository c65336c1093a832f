import type { Value } from "../ir/value.ts";

/** How far to look through operands: deeper finds hardly anything and costs time. */
const DEPTH = 6;

/**
 * A mask of the bits of a value that can be one, as far as every supported verifier knows it too: it relies on what is
 * folded away because of this.
 */
export function possibleBits(value: Value): bigint {
  return bitsOf(value, DEPTH, false);
}

/** A mask of the bits of a value that can really be one: verifiers know nothing of byte swaps, quotients and remainders. */
export function trulyPossibleBits(value: Value): bigint {
  return bitsOf(value, DEPTH, true);
}

function bitsOf(value: Value, depth: number, truly: boolean): bigint {
  const all = value.width === 64 ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
  const half = value.width === 64 ? 0xffff_ffffn : 0xffffn;
  if (depth === 0) return all;
  const { operation, operands } = value;
  const of = (index: number): bigint => {
    const operand = operands[index];
    return operand === undefined ? all : bitsOf(operand.current, depth - 1, truly);
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
      return truly && operation.bits === 16 ? 0xffffn : all;
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
      // The instruction takes what is beyond the width modulo the width; until it is folded it may be any number.
      const shift = amount?.kind === "constant" ? amount.value % (value.width === 64 ? 64n : 32n) : undefined;
      switch (operation.operator) {
        case "and":
          return of(0) & of(1);
        case "or":
        case "xor":
          return of(0) | of(1);
        case "add":
          return upTo(of(0) + of(1), all);
        case "mul":
          return truly || (of(0) <= half && of(1) <= half) ? upTo(of(0) * of(1), all) : all;
        case "div":
          return truly ? upTo(of(0), all) : all;
        case "mod":
          return truly && amount?.kind === "constant" && amount.value > 0n ? upTo(amount.value - 1n, all) : all;
        case "shl":
          return shift === undefined ? all : (of(0) << shift) & all;
        case "shr":
          if (shift !== undefined) return of(0) >> shift;
          // Verifiers since Linux 6.10 know nothing of a shift by what is not constant, however small it is.
          return truly ? upTo(of(0), all) : all;
        default:
          return all;
      }
    }
    default:
      return all;
  }
}

/** The bits of the numbers from 0 to `largest`. */
function upTo(largest: bigint, all: bigint): bigint {
  return largest > all ? all : (1n << BigInt(largest.toString(2).length)) - 1n;
}

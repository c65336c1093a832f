import { constantOf, swapBytes } from "../fold/constant.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Value } from "../ir/value.ts";

/** Which bits of each value something looks at: masks, as long as the value. */
export function demandedBits(irFunction: IrFunction): ReadonlyMap<Value, bigint> {
  const demanded = new Map<Value, bigint>();
  const work: Value[] = [];
  const demand = (value: Value | undefined, bits: bigint): void => {
    if (value === undefined) return;
    const before = demanded.get(value.current) ?? 0n;
    const now = before | (bits & allOf(value));
    if (now === before) return;
    demanded.set(value.current, now);
    work.push(value.current);
  };
  for (const { values, terminator } of irFunction.blocks) {
    for (const value of values) {
      const { operation, operands } = value;
      const [address, stored] = operands;
      if (operation.kind === "store") {
        demand(address, ALL);
        demand(stored, (1n << BigInt(operation.bits)) - 1n);
      } else if (operation.kind === "atomic" || operation.kind.startsWith("call-")) {
        for (const operand of operands) demand(operand, ALL);
      } else if (operation.kind === "load" && operation.volatile) demand(address, ALL);
    }
    if (terminator?.kind === "return") demand(terminator.value, ALL);
    else if (terminator?.kind === "branch") for (const side of [terminator.left, terminator.right]) demand(side, ALL);
  }
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const bits = demanded.get(value) ?? 0n;
    for (const [index, operand] of value.operands.entries()) demand(operand, demandedOf(value, index, bits));
  }
  return demanded;
}

const ALL = (1n << 64n) - 1n;

function allOf(value: Value): bigint {
  return value.width === 64 ? ALL : 0xffff_ffffn;
}

/** The bits of an operand that decide the given bits of a value. */
export function demandedOf(value: Value, index: number, bits: bigint): bigint {
  const { operation, operands } = value;
  switch (operation.kind) {
    case "phi":
    case "zero-extend":
    case "truncate":
      return bits;
    case "sign-extend": {
      const from = BigInt(operation.from);
      return (bits & ((1n << from) - 1n)) | (bits >> from === 0n ? 0n : 1n << (from - 1n));
    }
    case "byte-swap":
      return swapBytes(operation.bits, bits & ((1n << BigInt(operation.bits)) - 1n));
    case "binary":
      break;
    default:
      return ALL;
  }
  const other = constantOf(operands[1 - index]);
  const amount = other === undefined ? undefined : other % (value.width === 64 ? 64n : 32n);
  switch (operation.operator) {
    case "add":
    case "sub":
    case "mul":
      // What is carried goes upwards.
      return upTo(bits);
    case "and":
      return other === undefined ? bits : bits & other;
    case "or":
      return other === undefined ? bits : bits & ~other;
    case "xor":
      return bits;
    case "shl":
      return index === 1 || amount === undefined ? ALL : bits >> amount;
    case "shr":
      return index === 1 || amount === undefined ? ALL : bits << amount;
    default:
      return ALL;
  }
}

/** All bits up to the highest one. */
function upTo(bits: bigint): bigint {
  return bits === 0n ? 0n : (1n << BigInt(bits.toString(2).length)) - 1n;
}

import type { AluOperation, Comparison } from "../form.ts";
import { MachineError } from "./machine-error.ts";

// RFC 9669, sections 4.1 and 4.3. Operands are unsigned and of `width` bits; results are wrapped by the caller.
type Binary = (left: bigint, right: bigint, width: 32 | 64) => bigint;

const signed = (value: bigint, width: number): bigint => BigInt.asIntN(width, value);
const shift = (right: bigint, width: 32 | 64): bigint => right & BigInt(width - 1);

export const aluOperations: Readonly<Record<AluOperation, Binary>> = {
  add: (left, right) => left + right,
  sub: (left, right) => left - right,
  mul: (left, right) => left * right,
  // Division by zero gives 0, its remainder is the dividend.
  div: (left, right) => (right === 0n ? 0n : left / right),
  mod: (left, right) => (right === 0n ? left : left % right),
  sdiv: (left, right, width) => (right === 0n ? 0n : signed(left, width) / signed(right, width)),
  smod: (left, right, width) => (right === 0n ? left : signed(left, width) % signed(right, width)),
  and: (left, right) => left & right,
  or: (left, right) => left | right,
  xor: (left, right) => left ^ right,
  shl: (left, right, width) => left << shift(right, width),
  shr: (left, right, width) => left >> shift(right, width),
  sar: (left, right, width) => signed(left, width) >> shift(right, width),
  mov: (_, right) => right,
};

const DIVISIONS: ReadonlySet<AluOperation> = new Set(["div", "mod", "sdiv", "smod"]);
const SHIFTS: ReadonlySet<AluOperation> = new Set(["shl", "shr", "sar"]);

/** Refuses as the verifier does what a register may hold and an immediate may not be. */
export function checkImmediate(operation: AluOperation, immediate: bigint, width: 32 | 64): void {
  if (DIVISIONS.has(operation) && immediate === 0n) throw new MachineError("the immediate 0 is divided by");
  if (SHIFTS.has(operation) && immediate >= width) {
    throw new MachineError(`${width} bits are shifted by the immediate ${immediate}`);
  }
}

type Test = (left: bigint, right: bigint, width: 32 | 64) => boolean;

export const comparisons: Readonly<Record<Comparison, Test>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  ult: (left, right) => left < right,
  ule: (left, right) => left <= right,
  ugt: (left, right) => left > right,
  uge: (left, right) => left >= right,
  slt: (left, right, width) => signed(left, width) < signed(right, width),
  sle: (left, right, width) => signed(left, width) <= signed(right, width),
  sgt: (left, right, width) => signed(left, width) > signed(right, width),
  sge: (left, right, width) => signed(left, width) >= signed(right, width),
  set: (left, right) => (left & right) !== 0n,
};

/** The lower `width` bits with their bytes in the other order. */
export function swapBytes(value: bigint, width: 16 | 32 | 64): bigint {
  let swapped = 0n;
  for (let shifted = 0n; shifted < width; shifted += 8n) swapped = (swapped << 8n) | ((value >> shifted) & 0xffn);
  return swapped;
}

import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import type { Loop } from "../ir/loops.ts";
import type { Value } from "../ir/value.ts";
import { regionOf } from "./memory-region.ts";

/**
 * The values whose bounds a verifier may ask for, and those that they are computed from: addresses, arguments, results, what lies on the
 * stack, and `others`. A comparison of one of them tells the verifier something that it must go on to know.
 */
export function boundedValues(irFunction: IrFunction, others: readonly Value[] = []): ReadonlySet<Value> {
  const bounded = new Set<Value>();
  const work: Value[] = [];
  const add = (value: Value | undefined): void => {
    if (value === undefined || bounded.has(value.current)) return;
    bounded.add(value.current);
    work.push(value.current);
  };
  others.forEach(add);
  for (const { values, terminator } of irFunction.blocks) {
    for (const { operation, operands } of values) {
      const [address, stored] = operands;
      if (operation.kind.startsWith("call-")) operands.forEach(add);
      else if ("offset" in operation) add(address);
      // A verifier follows what a program puts on the stack, and may find it there again.
      if (operation.kind === "store" && address !== undefined && mayBeStack(address)) add(stored);
    }
    if (terminator?.kind === "return") add(terminator.value);
    else if (terminator?.kind === "branch" && terminator.pointers) [terminator.left, terminator.right].forEach(add);
  }
  // What a load gives does not follow from its address.
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (!("offset" in value.operation)) value.operands.forEach(add);
  }
  return bounded;
}

/**
 * The values from before a loop that say how often it goes round: a verifier goes through as many rounds as it takes to be possible. Of
 * what changes in the loop it knows what it is in each of them.
 */
export function loopLimits(loops: readonly Loop<Block>[]): readonly Value[] {
  const limits: Value[] = [];
  for (const { body } of loops) {
    const changing = new Set([...body].flatMap(({ phis, values }): Value[] => [...phis, ...values]));
    const seen = new Set<Value>();
    const work: Value[] = [];
    for (const { terminator } of body) {
      if (terminator?.kind !== "branch" || body.has(terminator.whenTrue) === body.has(terminator.whenFalse)) continue;
      work.push(terminator.left, terminator.right);
    }
    for (let value = work.pop()?.current; value !== undefined; value = work.pop()?.current) {
      if (seen.has(value)) continue;
      seen.add(value);
      if (!changing.has(value)) limits.push(value);
      else if (!("offset" in value.operation)) work.push(...value.operands);
    }
  }
  return limits;
}

/** Whether the verifier may ask for the bounds of a value, or of one that it knows to differ from it by a constant. */
export function isBounded(value: Value | undefined, bounded: ReadonlySet<Value>): boolean {
  for (let at = value?.current; at !== undefined; ) {
    if (bounded.has(at)) return true;
    const { operation, operands } = at;
    const isCopy = operation.kind === "zero-extend" || operation.kind === "truncate";
    const isSum = operation.kind === "binary" && operation.operator === "add";
    if (!isCopy && !isSum) return false;
    at = operands[0]?.current;
  }
  return false;
}

function mayBeStack(address: Value): boolean {
  const region = regionOf(address.current);
  return region === "stack" || region === "unknown";
}

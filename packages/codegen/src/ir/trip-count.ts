import { constantOf, evaluateBinary, evaluateComparison, swapBytes } from "../fold/constant.ts";
import type { Block } from "./block.ts";
import type { Dominators } from "./dominators.ts";
import type { Loop } from "./loops.ts";
import type { Value } from "./value.ts";

/** How often a loop runs, because one of its tests depends on constants alone. */
export interface TripCount {
  /** The block that asks. */
  readonly test: Block;
  /** How often it stays in the loop before it leaves it. */
  readonly rounds: number;
  readonly inside: Block;
  readonly outside: Block;
  /** The values of the loop that are known in each round: the counter, and what follows from it. */
  readonly counted: ReadonlySet<Value>;
  /** What one of them is in each round, the one that ends the loop too. */
  valuesOf(value: Value): readonly (bigint | undefined)[];
}

/** The rounds of a loop whose counter starts at a constant, up to `most`; undefined where that is not known. */
export function tripCount(
  { header, body }: Loop<Block>,
  dominators: Dominators<Block>,
  most: number,
): TripCount | undefined {
  const [latch, secondLatch] = header.predecessors.filter((block) => body.has(block));
  if (latch === undefined || secondLatch !== undefined) return undefined;
  for (const test of body) {
    const { terminator } = test;
    // What is not asked in every round says nothing about the number of rounds.
    if (terminator?.kind !== "branch" || !dominators.dominates(test, latch)) continue;
    const { whenTrue, whenFalse } = terminator;
    if (body.has(whenTrue) === body.has(whenFalse)) continue;
    const [inside, outside] = body.has(whenTrue) ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
    const known = follow(
      header,
      latch,
      most,
      (known) => {
        const left = evaluate(terminator.left, known);
        const right = evaluate(terminator.right, known);
        if (left === undefined || right === undefined) return undefined;
        return evaluateComparison(terminator.comparison, terminator.width, left, right) ? whenTrue : whenFalse;
      },
      inside,
    );
    if (known === undefined) continue;
    const counted = countedValues(header, latch, body);
    const valuesOf = (value: Value) => known.map((each) => evaluate(value, each));
    return { test, rounds: known.length - 1, inside, outside, counted, valuesOf };
  }
  return undefined;
}

function countedValues(header: Block, latch: Block, body: ReadonlySet<Block>): ReadonlySet<Value> {
  const back = header.predecessors.indexOf(latch);
  const known = new Map<Value, bigint>();
  for (const phi of header.phis) {
    if (phi.operands.every((operand, index) => index === back || constantOf(operand) !== undefined)) known.set(phi, 0n);
  }
  // A phi is a counter only if what comes back follows from counters.
  for (let changed = true; changed; ) {
    changed = false;
    for (const phi of [...known.keys()]) {
      const operand = phi.operands[back];
      if (operand !== undefined && evaluate(operand, known) !== undefined) continue;
      known.delete(phi);
      changed = true;
    }
  }
  const values = [...body].flatMap((block) => block.values);
  return new Set([...known.keys(), ...values.filter((value) => evaluate(value, known) !== undefined)]);
}

/** What the phis of a loop are known to be in each round, the one that ends it last. */
function follow(
  header: Block,
  latch: Block,
  most: number,
  answer: (known: ReadonlyMap<Value, bigint>) => Block | undefined,
  inside: Block,
): readonly ReadonlyMap<Value, bigint>[] | undefined {
  const back = header.predecessors.indexOf(latch);
  let known = new Map<Value, bigint>();
  for (const phi of header.phis) {
    const starts = phi.operands.filter((_, index) => index !== back).map(constantOf);
    const [start] = starts;
    if (start !== undefined && starts.every((other) => other === start)) known.set(phi, start);
  }
  const rounds = [known];
  while (rounds.length <= most + 1) {
    const target = answer(known);
    if (target === undefined) return undefined;
    if (target !== inside) return rounds;
    const next = new Map<Value, bigint>();
    for (const phi of header.phis) {
      const operand = phi.operands[back];
      const value = operand && evaluate(operand, known);
      if (value !== undefined) next.set(phi, value);
    }
    known = next;
    rounds.push(known);
  }
  return undefined;
}

/** A value that follows from constants and from what the phis of this round are known to be. */
function evaluate(value: Value, known: ReadonlyMap<Value, bigint>): bigint | undefined {
  const at = value.current;
  const found = known.get(at) ?? constantOf(at);
  if (found !== undefined || at.width === 0) return found;
  const operand = (index: number): bigint | undefined => {
    const each = at.operands[index];
    return each && evaluate(each, known);
  };
  const { operation, width } = at;
  switch (operation.kind) {
    case "binary": {
      const [left, right] = [operand(0), operand(1)];
      if (left === undefined || right === undefined) return undefined;
      return evaluateBinary(operation.operator, width, left, right);
    }
    case "zero-extend":
      return operand(0);
    case "truncate": {
      const wide = operand(0);
      return wide === undefined ? undefined : BigInt.asUintN(32, wide);
    }
    case "sign-extend": {
      const narrow = operand(0);
      return narrow === undefined ? undefined : BigInt.asUintN(width, BigInt.asIntN(operation.from, narrow));
    }
    case "byte-swap": {
      const plain = operand(0);
      return plain === undefined ? undefined : swapBytes(operation.bits, plain);
    }
    default:
      return undefined;
  }
}

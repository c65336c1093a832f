import { constantOf, evaluateBinary, evaluateComparison, swapBytes } from "../fold/constant.ts";
import type { Block } from "./block.ts";
import type { Dominators } from "./dominators.ts";
import type { Loop } from "./loops.ts";
import type { ValueWidth } from "./operation.ts";
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
  const first = firstRound(header, latch);
  for (const test of body) {
    const { terminator } = test;
    // What is not asked in every round says nothing about the number of rounds.
    if (terminator?.kind !== "branch" || !dominators.dominates(test, latch)) continue;
    const { whenTrue, whenFalse } = terminator;
    if (body.has(whenTrue) === body.has(whenFalse)) continue;
    const [inside, outside] = body.has(whenTrue) ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
    const rounds = follow(
      first,
      header,
      latch,
      most,
      (round) => {
        const left = round.valueOf(terminator.left);
        const right = round.valueOf(terminator.right);
        if (left === undefined || right === undefined) return undefined;
        return evaluateComparison(terminator.comparison, terminator.width, left, right) ? whenTrue : whenFalse;
      },
      inside,
    );
    if (rounds === undefined) continue;
    const counted = countedValues(header, latch, body);
    const valuesOf = (value: Value) => rounds.map((round) => round.valueOf(value));
    return { test, rounds: rounds.length - 1, inside, outside, counted, valuesOf };
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
  let round = new Round(known);
  for (let changed = true; changed; round = new Round(known)) {
    changed = false;
    for (const phi of [...known.keys()]) {
      const operand = phi.operands[back];
      if (operand !== undefined && round.valueOf(operand) !== undefined) continue;
      known.delete(phi);
      changed = true;
    }
  }
  const values = [...body].flatMap((block) => block.values);
  return new Set([...known.keys(), ...values.filter((value) => round.valueOf(value) !== undefined)]);
}

/** What the phis of a loop are known to be in each round, the one that ends it last. */
function follow(
  first: Round,
  header: Block,
  latch: Block,
  most: number,
  answer: (round: Round) => Block | undefined,
  inside: Block,
): readonly Round[] | undefined {
  const back = header.predecessors.indexOf(latch);
  let round = first;
  const rounds = [round];
  while (rounds.length <= most + 1) {
    const target = answer(round);
    if (target === undefined) return undefined;
    if (target !== inside) return rounds;
    const next = new Map<Value, bigint>();
    for (const phi of header.phis) {
      const operand = phi.operands[back];
      const value = operand && round.valueOf(operand);
      if (value !== undefined) next.set(phi, value);
    }
    round = new Round(next);
    rounds.push(round);
  }
  return undefined;
}

/** The round that a loop is entered with: its phis are what all ways into it bring, if that is one constant. */
function firstRound(header: Block, latch: Block): Round {
  const back = header.predecessors.indexOf(latch);
  const phis = new Map<Value, bigint>();
  for (const phi of header.phis) {
    const starts = phi.operands.filter((_, index) => index !== back).map(constantOf);
    const [start] = starts;
    if (start !== undefined && starts.every((other) => other === start)) phis.set(phi, start);
  }
  return new Round(phis);
}

/** What follows from constants and from what the phis of a loop are in one round. */
class Round {
  /** Each is computed once: a value may be used by many that are used by many. */
  readonly #values: Map<Value, bigint | undefined>;

  constructor(phis: ReadonlyMap<Value, bigint>) {
    this.#values = new Map(phis);
  }

  valueOf(value: Value): bigint | undefined {
    const at = value.current;
    if (this.#values.has(at)) return this.#values.get(at);
    const found = constantOf(at) ?? (at.width === 0 ? undefined : this.#compute(at, at.width));
    this.#values.set(at, found);
    return found;
  }

  #compute({ operation, operands }: Value, width: ValueWidth): bigint | undefined {
    const operand = (index: number): bigint | undefined => {
      const each = operands[index];
      return each && this.valueOf(each);
    };
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
}

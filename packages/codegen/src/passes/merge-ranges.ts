import { fitsImmediate } from "../fold/constant.ts";
import { possibleBits } from "../fold/possible-bits.ts";
import type { Block, Branch } from "../ir/block.ts";
import type { Condition } from "../ir/condition.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { removePredecessor } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { findLoops } from "../ir/loops.ts";
import { NumberSet } from "../ir/number-set.ts";
import type { BinaryOperator } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { boundedValues, isBounded } from "./bounded-values.ts";

/** A branch as the numbers for which it goes to `whenTrue`. */
interface Test {
  readonly value: Value;
  readonly numbers: NumberSet;
}

/** A test that one comparison can make: of the value without some bits, less a constant. */
interface Shape {
  readonly mask: bigint | undefined;
  readonly subtracted: bigint;
  readonly comparison: Condition["comparison"];
  readonly constant: bigint;
  /** It holds for the numbers that are not meant. */
  readonly inverted: boolean;
}

/**
 * Makes one comparison of several that ask where a number lies: `x >= a && x <= b` is `x - a <= b - a` without a sign, and two ranges
 * that differ in one bit are one range without it. Numbers whose bounds the verifier may need keep their comparisons.
 *
 * Needs: whole IR. Gives: whole IR, fewer branches. Destroys: dominators.
 */
export function mergeRanges(irFunction: IrFunction): void {
  const tests = new Map<Block, Test>();
  const testOf = (block: Block): Test | undefined => {
    const { terminator } = block;
    if (terminator?.kind !== "branch" || terminator.pointers) return undefined;
    return tests.get(block) ?? testOfBranch(terminator);
  };
  const asksAgain = (block: Block, next: Block): boolean => {
    if (next === block || next.predecessors.length !== 1 || next.values.length > 0) return false;
    const [first, second] = [testOf(block), testOf(next)];
    return first !== undefined && first.value === second?.value && first.numbers.width === second.numbers.width;
  };
  if (!irFunction.blocks.some((block) => block.successors.some((next) => asksAgain(block, next)))) return;
  const bounded = boundedValues(irFunction);
  const loops = findLoops(dominatorsOf(irFunction));
  // A verifier needs to see how a loop ends.
  const mayMerge = (block: Block, next: Block): boolean =>
    asksAgain(block, next) &&
    !isBounded(testOf(block)?.value, bounded) &&
    loops.every(
      ({ body }) => !body.has(block) || [block, next].every((one) => one.successors.every((to) => body.has(to))),
    );
  // From the end: what is asked last is merged first.
  for (const block of irFunction.blocks.toReversed()) {
    for (let merged = true; merged; ) {
      merged = block.successors.some((next) => {
        const [first, second] = [testOf(block), testOf(next)];
        if (first === undefined || second === undefined || !mayMerge(block, next)) return false;
        const test = merge(block, first, next, second);
        if (test !== undefined) tests.set(block, test);
        return test !== undefined;
      });
    }
  }
  for (const [block, test] of tests) write(irFunction, block, test);
  settle(irFunction);
}

function testOfBranch(branch: Branch): Test | undefined {
  const numbers = NumberSet.of(branch);
  return numbers && { value: branch.left.current, numbers };
}

/** Lets `block` ask what `next` asks too, if an arm of one leads where an arm of the other does. */
function merge(block: Block, first: Test, next: Block, second: Test): Test | undefined {
  const [branch, inner] = [block.terminator, next.terminator];
  if (branch?.kind !== "branch" || inner?.kind !== "branch") return undefined;
  const isTrueArm = branch.whenTrue === next;
  const outer = isTrueArm ? branch.whenFalse : branch.whenTrue;
  const toOuter = isTrueArm ? first.numbers.opposite() : first.numbers;
  for (const [same, other, numbers] of [
    [inner.whenTrue, inner.whenFalse, second.numbers],
    [inner.whenFalse, inner.whenTrue, second.numbers.opposite()],
  ] as const) {
    // Two arms that both lead there are merged the other way round: no branch has the same block twice.
    if (other === outer || !leadSame(block, outer, next, same)) continue;
    const test = { value: first.value, numbers: toOuter.with(toOuter.opposite().and(numbers)) };
    if (shapeOf(test) === undefined) continue;
    removePredecessor(same, next);
    other.predecessors[other.predecessors.indexOf(next)] = block;
    next.predecessors.length = 0;
    next.terminator = undefined;
    block.terminator = { ...branch, whenTrue: outer, whenFalse: other, seldom: undefined };
    return test;
  }
  return undefined;
}

/** Whether it makes no difference by which of two edges the program goes on. */
function leadSame(from: Block, to: Block, otherFrom: Block, otherTo: Block): boolean {
  const [index, otherIndex] = [to.predecessors.indexOf(from), otherTo.predecessors.indexOf(otherFrom)];
  if (to === otherTo)
    return to.phis.every(({ operands }) => operands[index]?.current === operands[otherIndex]?.current);
  const [end, otherEnd] = [to.terminator, otherTo.terminator];
  if (end?.kind !== "return" || otherEnd?.kind !== "return") return false;
  return (
    [to, otherTo].every(({ phis, values }) => phis.length + values.length === 0) &&
    end.value.current === otherEnd.value.current
  );
}

/** Writes the comparison of a test into the end of its block. */
function write(irFunction: IrFunction, block: Block, test: Test): void {
  const { terminator } = block;
  const shape = shapeOf(test);
  if (terminator?.kind !== "branch" || shape === undefined) return;
  const { width } = test.numbers;
  const constant = (value: bigint): Value => irFunction.constant(width, value);
  const compute = (operator: BinaryOperator, left: Value, right: bigint): Value => {
    const value = irFunction.value(width, { kind: "binary", operator }, [left, constant(right)], terminator.position);
    block.values.push(value);
    return value;
  };
  let left = test.value;
  if (shape.mask !== undefined) left = compute("and", left, shape.mask);
  if (shape.subtracted !== 0n) left = compute("add", left, -shape.subtracted);
  const { whenTrue, whenFalse } = terminator;
  block.terminator = {
    ...terminator,
    comparison: shape.comparison,
    left,
    right: constant(shape.constant),
    ...(shape.inverted && { whenTrue: whenFalse, whenFalse: whenTrue }),
  };
}

/** How to ask for a test with one comparison. */
function shapeOf({ value, numbers }: Test): Shape | undefined {
  const possible = possibleBits(value);
  for (const inverted of [false, true]) {
    const wanted = within(inverted ? numbers.opposite() : numbers, possible);
    const shape = rangeOf(wanted) ?? maskedRangeOf(wanted);
    if (shape !== undefined) return { ...shape, inverted };
  }
  return undefined;
}

/** The same among the numbers that a value can be, to the end of all numbers where it goes to the end of those. */
function within(numbers: NumberSet, possible: bigint): NumberSet {
  const { width } = numbers;
  const largest = (1n << BigInt(possible.toString(2).length)) - 1n;
  const most = (1n << BigInt(width)) - 1n;
  const some = numbers.and(new NumberSet(width, [{ first: 0n, last: largest }]));
  return numbers.has(largest) ? some.with(new NumberSet(width, [{ first: largest, last: most }])) : some;
}

/** One range; what goes by way of zero is what one range leaves over. */
function rangeOf({ width, intervals }: NumberSet): Omit<Shape, "inverted"> | undefined {
  const most = (1n << BigInt(width)) - 1n;
  const [range, second] = intervals;
  if (range === undefined || second !== undefined) return undefined;
  const { first, last } = range;
  const shape = { mask: undefined, subtracted: 0n };
  if (first === last) return { ...shape, comparison: "eq", constant: first };
  if (first === 0n) return { ...shape, comparison: "ule", constant: last };
  if (last === most) return { ...shape, comparison: "uge", constant: first };
  if (!fitsImmediate(width, -first & most) || !fitsImmediate(width, last - first)) return undefined;
  return { ...shape, subtracted: first, comparison: "ule", constant: last - first };
}

/** Two ranges that differ in one bit, which is the same within each of them. */
function maskedRangeOf({ width, intervals }: NumberSet): Omit<Shape, "inverted"> | undefined {
  const [low, high, third] = intervals;
  if (low === undefined || high === undefined || third !== undefined) return undefined;
  const bit = high.first - low.first;
  if ((bit & (bit - 1n)) !== 0n || high.last - low.last !== bit || (low.first & bit) !== 0n) return undefined;
  if (low.first / bit !== low.last / bit) return undefined;
  const mask = ((1n << BigInt(width)) - 1n) ^ bit;
  if (!fitsImmediate(width, mask)) return undefined;
  const shape = rangeOf(new NumberSet(width, [low]));
  return shape && { ...shape, mask };
}

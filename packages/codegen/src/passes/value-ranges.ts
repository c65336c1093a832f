import { constantOf } from "../fold/constant.ts";
import type { Block, Branch } from "../ir/block.ts";
import { countedMaxima } from "../ir/counted-maxima.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { decide } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { findLoops } from "../ir/loops.ts";
import { NumberSet } from "../ir/number-set.ts";
import type { Operation, ValueWidth } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import type { Value } from "../ir/value.ts";
import { boundedValues, isBounded, loopLimits } from "./bounded-values.ts";
import { KnownNumbers } from "./known-numbers.ts";

/**
 * Follows which numbers values can be: what is loaded and masked, what a loop counts, what branches on the way have asked. Branches
 * whose answer follows are decided, masks and sign extensions that change nothing are dropped, and divisions are done in 32 bits. What
 * the verifier may have to bound keeps its branches and masks.
 *
 * Needs: whole IR. Gives: whole IR, fewer branches and values. Destroys: dominators.
 */
export function useValueRanges(irFunction: IrFunction): void {
  const dominators = dominatorsOf(irFunction);
  const loops = findLoops(dominators);
  const bounded = boundedValues(irFunction, loopLimits(loops));
  const known = new KnownNumbers(countedMaxima(loops, dominators));
  const visit = (block: Block): void => {
    const forget = known.enter(block);
    const values: Value[] = [];
    for (const value of block.values) {
      const simpler = isBounded(value, bounded) ? undefined : simplerOf(irFunction, value, known, values);
      if (simpler === undefined) values.push(value);
      else value.replaceWith(simpler);
    }
    block.values = values;
    const { terminator } = block;
    if (terminator?.kind === "branch" && !isBounded(terminator.left, bounded)) {
      const answer = answerOf(terminator, known);
      if (answer !== undefined) decide(block, answer ? terminator.whenTrue : terminator.whenFalse);
    }
    for (const child of dominators.children(block)) visit(child);
    forget();
  };
  visit(irFunction.entry);
  settle(irFunction);
}

function answerOf(branch: Branch, known: KnownNumbers): boolean | undefined {
  if (branch.pointers) return undefined;
  const asked = NumberSet.of(branch);
  if (asked === undefined) return undefined;
  const numbers = known.of(branch.left);
  if (numbers.and(asked).intervals.length === 0) return false;
  return numbers.and(asked.opposite()).intervals.length === 0 ? true : undefined;
}

/** What a value is more simply; new values go to the end of `made`. */
function simplerOf(irFunction: IrFunction, value: Value, known: KnownNumbers, made: Value[]): Value | undefined {
  const { operation, width, position } = value;
  const [left, right] = value.operands.map((operand) => operand.current);
  if (left === undefined || width === 0) return undefined;
  const make = (of: ValueWidth, what: Operation, operands: Value[]): Value => {
    const one = irFunction.value(of, what, operands, position);
    made.push(one);
    return one;
  };
  if (operation.kind === "sign-extend") {
    if (known.of(left).most >> BigInt(operation.from - 1) !== 0n) return undefined;
    return width === left.width ? left : make(64, { kind: "zero-extend" }, [left]);
  }
  if (operation.kind !== "binary" || right === undefined) return undefined;
  const constant = constantOf(right);
  switch (operation.operator) {
    case "and":
      return constant !== undefined && isLowMask(constant) && known.of(left).most <= constant ? left : undefined;
    case "sar":
      if (known.of(left).most >> BigInt(width - 1) !== 0n) return undefined;
      return make(width, { ...operation, operator: "shr" }, [left, right]);
    case "mod":
      if (constant !== undefined && known.of(left).most < constant) return left;
      return divided();
    case "div":
      if (constant !== undefined && known.of(left).most < constant) return irFunction.constant(width, 0n);
      return divided();
    default:
      return undefined;
  }

  /** A 64-bit division takes several times as long as one of 32 bits. */
  function divided(): Value | undefined {
    if (width !== 64 || left === undefined || right === undefined) return undefined;
    if (known.of(left).most >> 32n !== 0n || known.of(right).most >> 32n !== 0n) return undefined;
    const low = (wide: Value): Value => {
      const number = constantOf(wide);
      return number === undefined ? make(32, { kind: "truncate" }, [wide]) : irFunction.constant(32, number);
    };
    return make(64, { kind: "zero-extend" }, [make(32, operation, [low(left), low(right)])]);
  }
}

function isLowMask(mask: bigint): boolean {
  return (mask & (mask + 1n)) === 0n;
}

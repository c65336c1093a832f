import { constantOf, evaluateComparison } from "../fold/constant.ts";
import { isNeverNull } from "../fold/never-null.ts";
import type { Block, Branch } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import { settle } from "../ir/settle.ts";
import { takeShortcut } from "../ir/shortcut.ts";
import type { Value } from "../ir/value.ts";
import { hasEffect } from "./dead-code.ts";
import { type PossibleArrivals, possibleArrivals } from "./possible-arrivals.ts";

/** Blocks that are looked at behind an edge. */
const MOST_BLOCKS = 24;

/** Where all ways from an edge lead, and what is passed over. */
interface Arrival {
  readonly block: Block;
  /** What the phis of `block` are. */
  readonly operands: readonly Value[];
}

/**
 * Sends an edge straight to where every way from it leads, when nothing on these ways has an effect: a packet that is too short for
 * one header is not asked whether it is too short for the next one too, if it is dropped in any case.
 *
 * Needs: whole IR. Gives: whole IR. Destroys: dominators.
 */
export function threadPaths(irFunction: IrFunction): void {
  const arrivals = possibleArrivals(irFunction);
  for (const block of [...irFunction.blocks]) {
    for (const target of block.successors) {
      if ((arrivals.get(target)?.size ?? 0) > 1) new Path(irFunction, arrivals, block, target).shorten();
    }
  }
  settle(irFunction);
}

class Path {
  readonly #function: IrFunction;
  readonly #arrivals: PossibleArrivals;
  readonly #from: Block;
  readonly #first: Block;
  readonly #passed = new Set<Block>();
  /** What the phis of the blocks on the way are, if every way from the edge agrees. */
  readonly #phis = new Map<Value, Value>();

  constructor(irFunction: IrFunction, arrivals: PossibleArrivals, from: Block, first: Block) {
    this.#function = irFunction;
    this.#arrivals = arrivals;
    this.#from = from;
    this.#first = first;
  }

  shorten(): void {
    const { block, operands } = this.#arrive(this.#first, this.#from, new Map());
    // A way that comes back to where it has been is a loop, whose rounds are not alike.
    if (block === this.#first || block === this.#from || this.#passed.has(block)) return;
    const made = new Set([...this.#passed].flatMap(({ values }) => values));
    for (const phi of [...this.#passed].flatMap(({ phis }) => phis)) if (!this.#phis.has(phi)) made.add(phi);
    for (let before = -1; before < made.size; ) {
      before = made.size;
      for (const [phi, operand] of this.#phis) if (made.has(operand)) made.add(phi);
    }
    if (operands.some((operand) => made.has(operand)) || isUsedFrom(block, made)) return;
    const way = takeShortcut(this.#function, {
      from: this.#from,
      first: this.#first,
      passed: this.#passed,
      known: this.#phis,
      target: block,
      operands,
    });
    this.#arrivals.set(way, new Set([way, ...(this.#arrivals.get(block) ?? [])]));
  }

  #arrive(block: Block, from: Block, known: ReadonlyMap<Value, Value>): Arrival {
    const index = block.predecessors.indexOf(from);
    const resolve = (value: Value): Value => known.get(value.current) ?? value.current;
    const operands = block.phis.map((phi) => resolve(phi.operands[index] ?? phi));
    const here = { block, operands };
    const { terminator } = block;
    if (this.#passed.size >= MOST_BLOCKS || block === this.#from || terminator === undefined) return here;
    if (terminator.kind === "return" || block.values.some(hasEffect)) return here;
    const inside = new Map(known);
    for (const [at, phi] of block.phis.entries()) inside.set(phi, operands[at] ?? phi);
    if (this.#passed.has(block)) return here;
    this.#passed.add(block);
    for (const [phi, operand] of inside) this.#phis.set(phi, operand);
    if (terminator.kind === "jump") return this.#arrive(terminator.target, block, inside);
    const target = decided(terminator, (value) => inside.get(value.current) ?? value.current);
    if (target !== undefined) return this.#arrive(target, block, inside);
    return this.#meet(terminator, block, inside) ?? here;
  }

  /** Where both arms of a branch lead, if that is the same. */
  #meet({ whenTrue, whenFalse }: Branch, block: Block, known: ReadonlyMap<Value, Value>): Arrival | undefined {
    if (!this.#mayMeet(whenTrue, whenFalse)) {
      this.#passed.delete(block);
      return undefined;
    }
    const before = new Map(this.#phis);
    const passed = new Set(this.#passed);
    const one = this.#arrive(whenTrue, block, known);
    const passedByOne = new Set(this.#passed);
    // The other arm may go through the same blocks.
    for (const each of this.#passed) if (!passed.has(each)) this.#passed.delete(each);
    const other = this.#arrive(whenFalse, block, known);
    const same = one.block === other.block && one.operands.every((operand, index) => operand === other.operands[index]);
    this.#phis.clear();
    for (const [phi, operand] of before) this.#phis.set(phi, operand);
    if (!same) {
      for (const each of [...this.#passed]) if (!passed.has(each)) this.#passed.delete(each);
      this.#passed.delete(block);
      return undefined;
    }
    for (const each of passedByOne) this.#passed.add(each);
    return one;
  }

  #mayMeet(one: Block, other: Block): boolean {
    const [ofOne, ofOther] = [this.#arrivals.get(one), this.#arrivals.get(other)];
    return [...(ofOne ?? [])].some((block) => ofOther?.has(block));
  }
}

/** Where a branch goes when values are what `resolve` says. */
function decided(branch: Branch, resolve: (value: Value) => Value): Block | undefined {
  const { comparison, width, whenTrue, whenFalse } = branch;
  const [left, right] = [resolve(branch.left), resolve(branch.right)];
  const [leftConstant, rightConstant] = [constantOf(left), constantOf(right)];
  if (leftConstant !== undefined && rightConstant !== undefined) {
    return evaluateComparison(comparison, width, leftConstant, rightConstant) ? whenTrue : whenFalse;
  }
  if (rightConstant !== 0n || !isNeverNull(left)) return undefined;
  return comparison === "eq" ? whenFalse : comparison === "ne" ? whenTrue : undefined;
}

/** Whether anything from `block` on uses one of the values. */
function isUsedFrom(block: Block, values: ReadonlySet<Value>): boolean {
  if (values.size === 0) return false;
  const seen = new Set([block]);
  const isUsed = (value: Value): boolean => values.has(value.current);
  for (const each of seen) {
    if (each !== block && each.phis.some((phi) => phi.operands.some(isUsed))) return true;
    if (each.values.some((value) => value.operands.some(isUsed))) return true;
    const { terminator } = each;
    if (terminator?.kind === "return" && isUsed(terminator.value)) return true;
    if (terminator?.kind === "branch" && (isUsed(terminator.left) || isUsed(terminator.right))) return true;
    for (const successor of each.successors) seen.add(successor);
  }
  // What comes along the edge into the first block is asked for by itself; what comes back from behind it is not.
  return block.phis.some((phi) =>
    block.predecessors.some((from, index) => {
      const operand = phi.operands[index];
      return operand !== undefined && seen.has(from) && isUsed(operand);
    }),
  );
}

import { constantOf } from "../fold/constant.ts";
import { isNeverNull } from "../fold/never-null.ts";
import type { Block, Branch } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import { reversePostorder } from "../ir/order.ts";
import type { Value } from "../ir/value.ts";
import { hasEffect } from "./dead-code.ts";

/** For each block the blocks that all ways from it may lead to, without an effect before; itself is one. */
export type PossibleArrivals = Map<Block, ReadonlySet<Block>>;

/** Few blocks have more than themselves, and looking along the ways from each one takes long. */
export function possibleArrivals(irFunction: IrFunction): PossibleArrivals {
  const arrivals = new Map<Block, Set<Block>>();
  const of = (block: Block): ReadonlySet<Block> => arrivals.get(block) ?? new Set();
  const blocks = reversePostorder(irFunction.entry, (block) => block.successors).reverse();
  const passable = new Set(blocks.filter(({ values }) => !values.some(hasEffect)));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      const found = arrivals.get(block) ?? new Set([block]);
      const before = arrivals.has(block) ? found.size : 0;
      if (passable.has(block)) for (const further of behind(block, of)) found.add(further);
      arrivals.set(block, found);
      if (found.size > before) changed = true;
    }
  }
  return arrivals;
}

function behind({ terminator }: Block, of: (block: Block) => ReadonlySet<Block>): Iterable<Block> {
  if (terminator?.kind === "jump") return of(terminator.target);
  if (terminator?.kind !== "branch") return [];
  const [one, other] = [of(terminator.whenTrue), of(terminator.whenFalse)];
  return mayBeDecided(terminator) ? [...one, ...other] : common(one, other);
}

function* common<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): Iterable<T> {
  for (const each of one) if (other.has(each)) yield each;
}

/** Whether a branch may go one way only, for what phis are on some way to it. */
function mayBeDecided({ left, right }: Branch): boolean {
  return (mayBeConstant(left) || isNeverNull(left)) && mayBeConstant(right);
}

function mayBeConstant(value: Value): boolean {
  return value.current.operation.kind === "phi" || constantOf(value) !== undefined;
}

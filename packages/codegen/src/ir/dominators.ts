import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import { reversePostorder } from "./order.ts";

/** Which blocks lie on every way to a block (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001). */
export class Dominators<B> {
  /** Reachable blocks in reverse postorder. */
  readonly order: readonly B[];
  readonly #index = new Map<B, number>();
  readonly #predecessors = new Map<B, B[]>();
  readonly #immediate = new Map<B, B>();
  readonly #children = new Map<B, B[]>();

  constructor(entry: B, successorsOf: (block: B) => readonly B[]) {
    this.order = reversePostorder(entry, successorsOf);
    for (const block of this.order) {
      for (const successor of successorsOf(block)) {
        const predecessors = this.#predecessors.get(successor);
        if (predecessors === undefined) this.#predecessors.set(successor, [block]);
        else predecessors.push(block);
      }
    }
    for (const [index, block] of this.order.entries()) this.#index.set(block, index);
    this.#immediate.set(entry, entry);
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of this.order.slice(1)) {
        const dominator = this.#common(this.predecessors(block));
        if (dominator === undefined || this.#immediate.get(block) === dominator) continue;
        this.#immediate.set(block, dominator);
        changed = true;
      }
    }
    for (const block of this.order.slice(1)) {
      const parent = this.#immediate.get(block) ?? entry;
      const children = this.#children.get(parent);
      if (children === undefined) this.#children.set(parent, [block]);
      else children.push(block);
    }
  }

  /** The reachable blocks that jump to `block`. */
  predecessors(block: B): readonly B[] {
    return this.#predecessors.get(block) ?? [];
  }

  /** The blocks whose nearest dominator is `block`. */
  children(block: B): readonly B[] {
    return this.#children.get(block) ?? [];
  }

  /** The nearest dominator; the entry's is itself. */
  parent(block: B): B | undefined {
    return this.#immediate.get(block);
  }

  dominates(above: B, below: B): boolean {
    for (let at: B | undefined = below; at !== undefined; ) {
      if (at === above) return true;
      const parent = this.#immediate.get(at);
      at = parent === at ? undefined : parent;
    }
    return false;
  }

  #common(blocks: readonly B[]): B | undefined {
    let common: B | undefined;
    for (const block of blocks) {
      if (!this.#immediate.has(block)) continue;
      common = common === undefined ? block : this.#meet(common, block);
    }
    return common;
  }

  #meet(first: B, second: B): B {
    let [a, b] = [first, second];
    while (a !== b) {
      if (this.#position(a) > this.#position(b)) a = this.#immediate.get(a) ?? a;
      else b = this.#immediate.get(b) ?? b;
    }
    return a;
  }

  #position(block: B): number {
    return this.#index.get(block) ?? Number.POSITIVE_INFINITY;
  }
}

export function dominatorsOf(irFunction: IrFunction): Dominators<Block> {
  return new Dominators(irFunction.entry, (block) => block.successors);
}

import type { Block } from "./block.ts";
import { reversePostorder } from "./order.ts";

/** Which blocks lie on every way to a block (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001). */
export class Dominators {
  /** Reachable blocks in reverse postorder. */
  readonly order: readonly Block[];
  readonly #index = new Map<Block, number>();
  readonly #immediate = new Map<Block, Block>();
  readonly #children = new Map<Block, Block[]>();

  constructor(entry: Block) {
    this.order = reversePostorder(entry);
    for (const [index, block] of this.order.entries()) this.#index.set(block, index);
    this.#immediate.set(entry, entry);
    for (let changed = true; changed; ) {
      changed = false;
      for (const block of this.order.slice(1)) {
        const dominator = this.#common(block.predecessors);
        if (dominator === undefined || this.#immediate.get(block) === dominator) continue;
        this.#immediate.set(block, dominator);
        changed = true;
      }
    }
    for (const block of this.order.slice(1)) {
      const parent = this.#immediate.get(block) ?? entry;
      this.#children.set(parent, [...(this.#children.get(parent) ?? []), block]);
    }
  }

  /** The blocks whose nearest dominator is `block`. */
  children(block: Block): readonly Block[] {
    return this.#children.get(block) ?? [];
  }

  /** The nearest dominator; the entry's is itself. */
  parent(block: Block): Block | undefined {
    return this.#immediate.get(block);
  }

  dominates(above: Block, below: Block): boolean {
    for (let at: Block | undefined = below; at !== undefined; ) {
      if (at === above) return true;
      const parent = this.#immediate.get(at);
      at = parent === at ? undefined : parent;
    }
    return false;
  }

  #common(blocks: readonly Block[]): Block | undefined {
    let common: Block | undefined;
    for (const block of blocks) {
      if (!this.#immediate.has(block)) continue;
      common = common === undefined ? block : this.#meet(common, block);
    }
    return common;
  }

  #meet(first: Block, second: Block): Block {
    let [a, b] = [first, second];
    while (a !== b) {
      if (this.#position(a) > this.#position(b)) a = this.#immediate.get(a) ?? a;
      else b = this.#immediate.get(b) ?? b;
    }
    return a;
  }

  #position(block: Block): number {
    return this.#index.get(block) ?? Number.POSITIVE_INFINITY;
  }
}

import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import { reversePostorder } from "./order.ts";

/** Not known yet. */
const NONE = -1;

/**
 * Which blocks lie on every way to a block (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001). Inside, blocks are their
 * places in reverse postorder.
 */
export class Dominators<B> {
  /** Reachable blocks in reverse postorder. */
  readonly order: readonly B[];
  readonly #places = new Map<B, number>();
  readonly #predecessors: B[][];
  readonly #parents: Int32Array;
  readonly #children: B[][];
  /** When a walk through the tree comes to a block, and to how many it comes then until it is done with that one. */
  readonly #time: Int32Array;
  readonly #below: Int32Array;

  constructor(entry: B, successorsOf: (block: B) => readonly B[]) {
    this.order = reversePostorder(entry, successorsOf);
    const count = this.order.length;
    for (const [place, block] of this.order.entries()) this.#places.set(block, place);
    this.#predecessors = Array.from({ length: count }, () => []);
    const before: number[][] = Array.from({ length: count }, () => []);
    for (const [place, block] of this.order.entries()) {
      for (const successor of successorsOf(block)) {
        const target = this.#place(successor);
        this.#predecessors[target]?.push(block);
        before[target]?.push(place);
      }
    }
    this.#parents = parentsOf(before);
    this.#children = Array.from({ length: count }, () => []);
    for (const [place, block] of this.order.entries()) {
      if (place > 0) this.#children[this.#parents[place] ?? 0]?.push(block);
    }
    // Parents come before their children: what is below a block is counted from the end, times are given from the front.
    this.#below = new Int32Array(count).fill(1);
    for (let place = count - 1; place > 0; place--) {
      add(this.#below, this.#parents[place] ?? 0, this.#below[place] ?? 0);
    }
    this.#time = new Int32Array(count);
    const next = new Int32Array(count).fill(1);
    for (let place = 1; place < count; place++) {
      const parent = this.#parents[place] ?? 0;
      this.#time[place] = (this.#time[parent] ?? 0) + (next[parent] ?? 0);
      add(next, parent, this.#below[place] ?? 0);
    }
  }

  /** The reachable blocks that jump to `block`. */
  predecessors(block: B): readonly B[] {
    return this.#predecessors[this.#place(block)] ?? [];
  }

  /** The blocks whose nearest dominator is `block`. */
  children(block: B): readonly B[] {
    return this.#children[this.#place(block)] ?? [];
  }

  /** The nearest dominator; the entry's is itself. */
  parent(block: B): B | undefined {
    return this.order[this.#parents[this.#place(block)] ?? NONE];
  }

  dominates(above: B, below: B): boolean {
    const [high, low] = [this.#place(above), this.#place(below)];
    if (high === NONE || low === NONE) return above === below;
    const since = (this.#time[low] ?? 0) - (this.#time[high] ?? 0);
    return since >= 0 && since < (this.#below[high] ?? 0);
  }

  #place(block: B): number {
    return this.#places.get(block) ?? NONE;
  }
}

function add(to: Int32Array, place: number, amount: number): void {
  to[place] = (to[place] ?? 0) + amount;
}

/** The nearest dominator of each block, from the places of those before it. */
function parentsOf(predecessors: readonly (readonly number[])[]): Int32Array {
  const parents = new Int32Array(predecessors.length).fill(NONE);
  parents[0] = 0;
  const meet = (first: number, second: number): number => {
    let [a, b] = [first, second];
    while (a !== b) {
      if (a > b) a = parents[a] ?? 0;
      else b = parents[b] ?? 0;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let place = 1; place < predecessors.length; place++) {
      let common = NONE;
      for (const predecessor of predecessors[place] ?? []) {
        if (parents[predecessor] !== NONE) common = common === NONE ? predecessor : meet(common, predecessor);
      }
      if (common === NONE || common === parents[place]) continue;
      parents[place] = common;
      changed = true;
    }
  }
  return parents;
}

export function dominatorsOf(irFunction: IrFunction): Dominators<Block> {
  return new Dominators(irFunction.entry, (block) => block.successors);
}

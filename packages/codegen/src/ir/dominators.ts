import type { Block } from "./block.ts";
import type { Numbered } from "./block-set.ts";
import type { IrFunction } from "./function.ts";
import { reversePostorder } from "./order.ts";

/** Not known yet. */
const NONE = -1;

/**
 * Which blocks lie on every way to a block (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001). Inside, blocks are their
 * places in reverse postorder.
 */
export class Dominators<B extends Numbered> {
  /** Reachable blocks in reverse postorder. */
  readonly order: readonly B[];
  /** Where the block of each number stands there. */
  readonly #places: Int32Array;
  /** Places of the blocks that jump to each block, those of one block behind those of the one before it. */
  readonly #sources: Int32Array;
  /** Where those of each block begin, and behind the last block where they end. */
  readonly #begins: Int32Array;
  readonly #parents: Int32Array;
  /** When a walk through the tree comes to a block, and to how many it comes then until it is done with that one. */
  readonly #time: Int32Array;
  readonly #below: Int32Array;
  /** The blocks that jump to each block, where they have been asked for. */
  readonly #lists: (readonly B[] | undefined)[];
  #children: readonly (readonly B[])[] | undefined;

  constructor(entry: B, successorsOf: (block: B) => readonly B[]) {
    this.order = reversePostorder(entry, successorsOf);
    const count = this.order.length;
    this.#lists = new Array(count);
    let last = 0;
    for (const { id } of this.order) last = Math.max(last, id);
    this.#places = new Int32Array(last + 1).fill(NONE);
    for (let place = 0; place < count; place++) this.#places[this.#at(place).id] = place;
    this.#begins = new Int32Array(count + 1);
    for (const block of this.order) {
      for (const successor of successorsOf(block)) add(this.#begins, this.#place(successor) + 1, 1);
    }
    for (let place = 0; place < count; place++) add(this.#begins, place + 1, this.#begins[place] ?? 0);
    this.#sources = new Int32Array(this.#begins[count] ?? 0);
    const next = this.#begins.slice();
    for (let place = 0; place < count; place++) {
      for (const successor of successorsOf(this.#at(place))) {
        const target = this.#place(successor);
        this.#sources[next[target] ?? 0] = place;
        add(next, target, 1);
      }
    }
    this.#parents = parentsOf(this.#begins, this.#sources);
    // Parents come before their children: what is below a block is counted from the end, times are given from the front.
    this.#below = new Int32Array(count).fill(1);
    for (let place = count - 1; place > 0; place--) {
      add(this.#below, this.#parents[place] ?? 0, this.#below[place] ?? 0);
    }
    this.#time = new Int32Array(count);
    const later = new Int32Array(count).fill(1);
    for (let place = 1; place < count; place++) {
      const parent = this.#parents[place] ?? 0;
      this.#time[place] = (this.#time[parent] ?? 0) + (later[parent] ?? 0);
      add(later, parent, this.#below[place] ?? 0);
    }
  }

  /** The reachable blocks that jump to `block`. */
  predecessors(block: B): readonly B[] {
    const place = this.#place(block);
    const known = this.#lists[place];
    if (known !== undefined) return known;
    const end = this.#begins[place + 1] ?? 0;
    const blocks: B[] = [];
    for (let index = this.#begins[place] ?? 0; index < end; index++) blocks.push(this.#at(this.#sources[index] ?? 0));
    if (place !== NONE) this.#lists[place] = blocks;
    return blocks;
  }

  /** The blocks whose nearest dominator is `block`. */
  children(block: B): readonly B[] {
    this.#children ??= this.#childLists();
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

  #childLists(): readonly (readonly B[])[] {
    const lists: B[][] = this.order.map(() => []);
    for (let place = 1; place < lists.length; place++) lists[this.#parents[place] ?? 0]?.push(this.#at(place));
    return lists;
  }

  #at(place: number): B {
    // A place of the order is the only number that this is asked with.
    return this.order[place] as B;
  }

  #place({ id }: B): number {
    return this.#places[id] ?? NONE;
  }
}

function add(to: Int32Array, place: number, amount: number): void {
  to[place] = (to[place] ?? 0) + amount;
}

/** The nearest dominator of each block, from the places of those before it. */
function parentsOf(begins: Int32Array, sources: Int32Array): Int32Array {
  const count = begins.length - 1;
  const parents = new Int32Array(count).fill(NONE);
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
    for (let place = 1; place < count; place++) {
      let common = NONE;
      const end = begins[place + 1] ?? 0;
      for (let index = begins[place] ?? 0; index < end; index++) {
        const predecessor = sources[index] ?? 0;
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

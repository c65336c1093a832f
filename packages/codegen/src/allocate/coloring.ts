import { isVirtual, type Register } from "../code/register.ts";
import type { Interference, MoveEdge } from "./interference.ts";

/** Registers for virtual registers. */
export interface Coloring {
  readonly assigned: ReadonlyMap<Register, Register>;
  /** The virtual registers that found none: each with what it has been joined with. */
  readonly uncolored: readonly (readonly Register[])[];
}

/** How dear it is to spill a register of this cost and number of neighbours. */
export type Weigh = (cost: number, neighbors: number) => number;

export interface ColoringOptions {
  /** What it costs to keep a register in memory; infinite for one that must not be. */
  spillCost(register: Register): number;
  /** Which register to spill first: the one of least weight. */
  readonly weigh: Weigh;
  /** Registers that must not be joined with others. */
  readonly apart: ReadonlySet<Register>;
}

/**
 * Iterated register coalescing (George, Appel 1996): takes registers with few neighbours out of the graph, makes the two
 * sides of a move one register where that cannot cost a spill, and gives colours in reverse order.
 */
export function color(interference: Interference, colors: readonly Register[], options: ColoringOptions): Coloring {
  return new Colorer(interference, colors, options).run();
}

class Colorer {
  readonly #colors: readonly Register[];
  readonly #weigh: Weigh;
  readonly #spillCosts = new Map<Register, number>();
  readonly #neighbors = new Map<Register, Set<Register>>();
  readonly #alias = new Map<Register, Register>();
  readonly #removed = new Set<Register>();
  readonly #stack: Register[] = [];
  /** Moves that may still become one register, the most frequent first. */
  #moves: MoveEdge[];
  readonly #allMoves: readonly MoveEdge[];

  constructor(interference: Interference, colors: readonly Register[], { spillCost, weigh, apart }: ColoringOptions) {
    this.#colors = colors;
    this.#weigh = weigh;
    for (const [register, neighbors] of interference.neighbors) {
      this.#neighbors.set(register, new Set(neighbors));
      this.#spillCosts.set(register, spillCost(register));
    }
    this.#allMoves = interference.moves.toSorted((a, b) => b.frequency - a.frequency);
    this.#moves = this.#allMoves.filter(({ to, from }) => !apart.has(to) && !apart.has(from));
  }

  run(): Coloring {
    for (;;) {
      if (this.#simplify() || this.#coalesce() || this.#freeze()) continue;
      if (!this.#pushSpillCandidate()) break;
    }
    return this.#assign();
  }

  /** Takes out every register that is in no move and has fewer neighbours than there are colours. */
  #simplify(): boolean {
    const inMove = this.#inMoves();
    let changed = false;
    for (const register of this.#present()) {
      if (inMove.has(register) || this.#degree(register) >= this.#colors.length) continue;
      this.#push(register);
      changed = true;
    }
    return changed;
  }

  /** Joins the two sides of one move, if the joined register still finds a colour for sure. */
  #coalesce(): boolean {
    let joined = false;
    this.#moves = this.#moves.filter((move) => {
      const a = this.#find(move.to);
      const b = this.#find(move.from);
      if (a === b) return false;
      if (this.#interfere(a, b)) return false;
      if (joined) return true;
      const [kept, gone] = isVirtual(a) ? [b, a] : [a, b];
      const safe = isVirtual(kept) ? this.#isSafePair(kept, gone) : this.#isSafeWithMachineRegister(kept, gone);
      if (!safe) return true;
      this.#join(kept, gone);
      joined = true;
      return false;
    });
    return joined;
  }

  /** Gives up the least frequent move of a register that could be taken out whenFalse. */
  #freeze(): boolean {
    for (let index = this.#moves.length - 1; index >= 0; index--) {
      const move = this.#moves[index];
      if (move === undefined) continue;
      const sides = [this.#find(move.to), this.#find(move.from)];
      if (!sides.some((side) => isVirtual(side) && this.#degree(side) < this.#colors.length)) continue;
      this.#moves.splice(index, 1);
      return true;
    }
    return false;
  }

  /** Takes out the register that is cheapest in memory for what it blocks; it may still find a colour in the end. */
  #pushSpillCandidate(): boolean {
    let best: Register | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const register of this.#present()) {
      const cost = this.#weigh(this.#spillCosts.get(register) ?? 0, this.#degree(register));
      if (best !== undefined && cost >= bestCost) continue;
      best = register;
      bestCost = cost;
    }
    if (best === undefined) return false;
    const chosen = best;
    this.#moves = this.#moves.filter((move) => this.#find(move.to) !== chosen && this.#find(move.from) !== chosen);
    this.#push(chosen);
    return true;
  }

  #assign(): Coloring {
    const assigned = new Map<Register, Register>();
    const uncolored = new Map<Register, Register[]>();
    for (let register = this.#stack.pop(); register !== undefined; register = this.#stack.pop()) {
      const taken = new Set<Register>();
      for (const neighbor of this.#neighbors.get(register) ?? []) {
        const root = this.#find(neighbor);
        const used = isVirtual(root) ? assigned.get(root) : root;
        if (used !== undefined) taken.add(used);
      }
      const chosen =
        this.#partnerColor(register, taken, assigned) ?? this.#colors.find((candidate) => !taken.has(candidate));
      if (chosen === undefined) uncolored.set(register, [register]);
      else assigned.set(register, chosen);
    }
    for (const register of this.#alias.keys()) {
      const root = this.#find(register);
      const chosen = isVirtual(root) ? assigned.get(root) : root;
      if (chosen !== undefined) assigned.set(register, chosen);
      uncolored.get(root)?.push(register);
    }
    return { assigned, uncolored: [...uncolored.values()] };
  }

  /** The colour of the other side of a move that could not be joined, if it happens to be free. */
  #partnerColor(
    register: Register,
    taken: ReadonlySet<Register>,
    assigned: ReadonlyMap<Register, Register>,
  ): Register | undefined {
    for (const move of this.#allMoves) {
      const to = this.#find(move.to);
      const from = this.#find(move.from);
      if ((to === register) === (from === register)) continue;
      const other = to === register ? from : to;
      const chosen = isVirtual(other) ? assigned.get(other) : other;
      if (chosen !== undefined && !taken.has(chosen) && this.#colors.includes(chosen)) return chosen;
    }
    return undefined;
  }

  /** Briggs: the joined register has fewer neighbours of high degree than there are colours. */
  #isSafePair(a: Register, b: Register): boolean {
    const both = this.#adjacent(b);
    let high = 0;
    const seen = new Set<Register>();
    for (const neighbor of [...this.#adjacent(a), ...both]) {
      if (seen.has(neighbor)) continue;
      seen.add(neighbor);
      if (!isVirtual(neighbor) || this.#degree(neighbor) >= this.#colors.length) high++;
    }
    return high < this.#colors.length;
  }

  /** George: each neighbour of the virtual register is in the way of the machine's register already, or of low degree. */
  #isSafeWithMachineRegister(machine: Register, register: Register): boolean {
    if (!this.#colors.includes(machine)) return false;
    return this.#adjacent(register).every(
      (neighbor) =>
        !isVirtual(neighbor) || this.#degree(neighbor) < this.#colors.length || this.#interfere(neighbor, machine),
    );
  }

  #join(kept: Register, gone: Register): void {
    this.#alias.set(gone, kept);
    this.#spillCosts.set(kept, (this.#spillCosts.get(kept) ?? 0) + (this.#spillCosts.get(gone) ?? 0));
    for (const neighbor of this.#adjacent(gone)) {
      this.#connect(kept, neighbor);
      this.#neighbors.get(neighbor)?.delete(gone);
    }
  }

  #connect(a: Register, b: Register): void {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const neighbors = this.#neighbors.get(one);
      if (neighbors === undefined) this.#neighbors.set(one, new Set([other]));
      else neighbors.add(other);
    }
  }

  #push(register: Register): void {
    this.#removed.add(register);
    this.#stack.push(register);
  }

  /** Virtual registers that are in the graph still. */
  #present(): Register[] {
    return [...this.#neighbors.keys()].filter(
      (register) => isVirtual(register) && !this.#removed.has(register) && !this.#alias.has(register),
    );
  }

  #inMoves(): ReadonlySet<Register> {
    return new Set(this.#moves.flatMap((move) => [this.#find(move.to), this.#find(move.from)]));
  }

  #adjacent(register: Register): Register[] {
    return [...(this.#neighbors.get(register) ?? [])].filter((neighbor) => !this.#removed.has(neighbor));
  }

  #degree(register: Register): number {
    return this.#adjacent(register).length;
  }

  #interfere(a: Register, b: Register): boolean {
    if (!isVirtual(a) && !isVirtual(b)) return true;
    return this.#neighbors.get(a)?.has(b) ?? false;
  }

  #find(register: Register): Register {
    let root = register;
    for (let next = this.#alias.get(root); next !== undefined; next = this.#alias.get(root)) root = next;
    return root;
  }
}

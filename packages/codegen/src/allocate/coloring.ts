import { isVirtual, type Register } from "../code/register.ts";
import type { Interference, MoveEdge } from "./interference.ts";
import type { InterferenceGraph } from "./interference-graph.ts";

/** Registers for virtual registers. */
export interface Coloring {
  readonly assigned: ReadonlyMap<Register, Register>;
  /** The virtual registers that found none: each with what it has been joined with. */
  readonly uncolored: readonly (readonly Register[])[];
}

export interface ColoringOptions {
  /** What it costs to keep a register in memory; infinite for one that must not be. */
  spillCost(register: Register): number;
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

interface PendingMove extends MoveEdge {
  /** When it was found that its sides must not be joined yet; undefined when nobody has looked. */
  refused: number | undefined;
}

class Colorer {
  readonly #graph: InterferenceGraph;
  readonly #colors: readonly Register[];
  /** What is known of registers stands at their numbers: it is asked most of all. */
  readonly #spillCosts: Float64Array;
  /** Registers taken out, with those that were their neighbours still. */
  readonly #stack: { readonly register: Register; readonly neighbors: readonly Register[] }[] = [];
  /** Moves that may still become one register, the most frequent first. */
  #moves: PendingMove[];
  /** In how many of them each register is. */
  readonly #pending: Int32Array;
  /** Registers that may be simple now, and were not when they were looked at last. */
  readonly #candidates: Set<Register>;
  /** When something last happened to a register or its neighbours that may let it be joined. */
  readonly #changes: Int32Array;
  #time = 0;
  /** For each register all its moves, the most frequent first. */
  readonly #movesOf: (MoveEdge[] | undefined)[];

  constructor(interference: Interference, colors: readonly Register[], { spillCost, apart }: ColoringOptions) {
    this.#graph = interference.graph;
    this.#colors = colors;
    const { limit } = this.#graph;
    this.#spillCosts = new Float64Array(limit);
    this.#pending = new Int32Array(limit);
    this.#changes = new Int32Array(limit);
    this.#movesOf = new Array(limit);
    for (const register of this.#graph.present()) this.#spillCosts[register] = spillCost(register);
    const moves = interference.moves.toSorted((a, b) => b.frequency - a.frequency);
    for (const move of moves) {
      for (const side of [move.to, move.from]) {
        const known = this.#movesOf[side];
        if (known === undefined) this.#movesOf[side] = [move];
        else known.push(move);
      }
    }
    this.#moves = moves
      .filter(({ to, from }) => !apart.has(to) && !apart.has(from))
      .map((move) => ({ ...move, refused: undefined }));
    for (const { to, from } of this.#moves) {
      for (const side of [to, from]) this.#pending[side] = this.#pendingOf(side) + 1;
    }
    this.#candidates = new Set(this.#graph.present());
  }

  run(): Coloring {
    while (this.#simplify() || this.#coalesce() || this.#freeze() || this.#pushSpillCandidate());
    return this.#assign();
  }

  /** Takes out every register that is in no move and has fewer neighbours than there are colours, as long as there are any. */
  #simplify(): boolean {
    const before = this.#stack.length;
    while (this.#candidates.size > 0) {
      const simple = [...this.#candidates].filter((register) => this.#isSimple(register));
      this.#candidates.clear();
      simple.sort((a, b) => this.#graph.index(a) - this.#graph.index(b));
      for (const register of simple) this.#push(register);
    }
    return this.#stack.length > before;
  }

  #isSimple(register: Register): boolean {
    return this.#graph.isPresent(register) && this.#pendingOf(register) === 0 && this.#isLow(register);
  }

  /** Joins the two sides of moves, where the joined register still finds a colour for sure. */
  #coalesce(): boolean {
    let joined = false;
    this.#moves = this.#moves.filter((move) => {
      const a = this.#graph.find(move.to);
      const b = this.#graph.find(move.from);
      if (move.refused !== undefined && this.#changedAt(a) <= move.refused && this.#changedAt(b) <= move.refused) {
        return true;
      }
      if (a === b || this.#graph.interfere(a, b)) {
        this.#giveUp(move);
        return false;
      }
      const [kept, gone] = isVirtual(a) ? [b, a] : [a, b];
      const isSafe = isVirtual(kept) ? this.#isSafePair(kept, gone) : this.#isSafeWithMachineRegister(kept, gone);
      if (!isSafe) {
        move.refused = this.#time;
        return true;
      }
      this.#join(kept, gone);
      this.#giveUp(move);
      joined = true;
      return false;
    });
    return joined;
  }

  /** Gives up the least frequent move of a register that could be taken out otherwise. */
  #freeze(): boolean {
    const index = this.#moves.findLastIndex(({ to, from }) =>
      [to, from].some((side) => isVirtual(this.#graph.find(side)) && this.#isLow(this.#graph.find(side))),
    );
    for (const move of index >= 0 ? this.#moves.splice(index, 1) : []) this.#giveUp(move);
    return index >= 0;
  }

  /** Takes out the register that is best spilled; it may still find a colour in the end. */
  #pushSpillCandidate(): boolean {
    let best: Register | undefined;
    let bestWeight = Number.POSITIVE_INFINITY;
    for (const register of this.#graph.present()) {
      // Cheap in memory, for how many others it gets out of the way of.
      const weight = (this.#spillCosts[register] ?? 0) / this.#graph.degree(register);
      if (best !== undefined && weight >= bestWeight) continue;
      best = register;
      bestWeight = weight;
    }
    if (best === undefined) return false;
    const chosen = best;
    this.#moves = this.#moves.filter((move) => {
      const stays = this.#graph.find(move.to) !== chosen && this.#graph.find(move.from) !== chosen;
      if (!stays) this.#giveUp(move);
      return stays;
    });
    this.#push(chosen);
    return true;
  }

  #assign(): Coloring {
    const assigned = new Map<Register, Register>();
    const uncolored = new Map<Register, Register[]>();
    const colorOf = (register: Register): Register | undefined => {
      const root = this.#graph.find(register);
      return isVirtual(root) ? assigned.get(root) : root;
    };
    const groups = this.#graph.groups();
    for (const { register, neighbors } of this.#stack.toReversed()) {
      // A bit for each of the machine's registers.
      let taken = 0;
      for (const neighbor of neighbors) {
        const color = colorOf(neighbor);
        if (color !== undefined) taken |= 1 << color;
      }
      const free = this.#colors.filter((candidate) => (taken & (1 << candidate)) === 0);
      const group = groups.get(register) ?? [register];
      const chosen = this.#partnerColor(group, free, colorOf) ?? free[0];
      if (chosen === undefined) uncolored.set(register, [...group]);
      else assigned.set(register, chosen);
    }
    for (const group of groups.values()) {
      for (const register of group) {
        const chosen = colorOf(register);
        if (chosen !== undefined) assigned.set(register, chosen);
      }
    }
    return { assigned, uncolored: [...uncolored.values()] };
  }

  /** The colour of the other side of a move that could not be joined, if it happens to be free. */
  #partnerColor(
    group: readonly Register[],
    free: readonly Register[],
    colorOf: (register: Register) => Register | undefined,
  ): Register | undefined {
    for (const register of group) {
      for (const { to, from } of this.#movesOf[register] ?? []) {
        const chosen = colorOf(to === register ? from : to);
        if (chosen !== undefined && free.includes(chosen)) return chosen;
      }
    }
    return undefined;
  }

  /** Briggs: the joined register has fewer neighbours of high degree than there are colours. */
  #isSafePair(a: Register, b: Register): boolean {
    let high = 0;
    const isTooMuch = (neighbor: Register): boolean =>
      (!isVirtual(neighbor) || !this.#isLow(neighbor)) && ++high >= this.#colors.length;
    return !(
      this.#graph.someNeighbor(a, isTooMuch) ||
      this.#graph.someNeighbor(b, (neighbor) => !this.#graph.interfere(a, neighbor) && isTooMuch(neighbor))
    );
  }

  /** George: each neighbour of the virtual register is in the way of the machine's register already, or of low degree. */
  #isSafeWithMachineRegister(machine: Register, register: Register): boolean {
    if (!this.#colors.includes(machine)) return false;
    const isInTheWay = (neighbor: Register): boolean =>
      isVirtual(neighbor) && !this.#isLow(neighbor) && !this.#graph.interfere(neighbor, machine);
    return !this.#graph.someNeighbor(register, isInTheWay);
  }

  #isLow(register: Register): boolean {
    return this.#graph.degree(register) < this.#colors.length;
  }

  #push(register: Register): void {
    const neighbors = this.#graph.remove(register);
    this.#stack.push({ register, neighbors });
    this.#noteLoss(neighbors);
  }

  #join(kept: Register, gone: Register): void {
    const neighbors = this.#graph.join(kept, gone);
    this.#spillCosts[kept] = (this.#spillCosts[kept] ?? 0) + (this.#spillCosts[gone] ?? 0);
    this.#pending[kept] = this.#pendingOf(kept) + this.#pendingOf(gone);
    this.#changes[kept] = ++this.#time;
    this.#noteLoss(neighbors);
  }

  /** Registers have lost a neighbour: they, and those around one that has few neighbours now, may be simple, or joined. */
  #noteLoss(registers: readonly Register[]): void {
    this.#time++;
    for (const register of registers) {
      this.#changes[register] = this.#time;
      if (!isVirtual(register) || this.#graph.degree(register) !== this.#colors.length - 1) continue;
      this.#candidates.add(register);
      this.#graph.someNeighbor(register, (neighbor) => {
        this.#changes[neighbor] = this.#time;
        return false;
      });
    }
  }

  /** A move is no longer one that may become one register. */
  #giveUp({ to, from }: MoveEdge): void {
    for (const side of [to, from]) {
      const register = this.#graph.find(side);
      const left = this.#pendingOf(register) - 1;
      this.#pending[register] = left;
      if (left === 0 && isVirtual(register)) this.#candidates.add(register);
    }
  }

  #changedAt(register: Register): number {
    return this.#changes[register] ?? 0;
  }

  #pendingOf(register: Register): number {
    return this.#pending[register] ?? 0;
  }
}

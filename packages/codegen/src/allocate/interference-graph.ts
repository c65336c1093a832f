import { isVirtual, type Register } from "../code/register.ts";
import { RegisterSet } from "./register-set.ts";

/** A register in the graph. */
interface Node {
  /** How many registers were put into the graph before it. */
  readonly index: number;
  /** All it ever interfered with, also what is no longer in the graph. */
  readonly neighbors: Register[];
  readonly set: RegisterSet;
  /** How many of its neighbours are in the graph still. */
  degree: number;
  present: boolean;
}

/** Which registers interfere. Registers are taken out of it, and become one. */
export class InterferenceGraph {
  /** The numbers of its registers are below it. */
  readonly limit: number;
  readonly #newSet: () => RegisterSet;
  readonly #nodes: (Node | undefined)[];
  /** What each register that was joined has become. */
  readonly #alias: (Register | undefined)[];
  /** The registers that were joined with others, in this order. */
  readonly #gone: Register[] = [];
  #virtual: Register[] = [];
  #nextIndex = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.#newSet = RegisterSet.maker(limit, limit);
    this.#nodes = new Array(limit);
    this.#alias = new Array(limit);
  }

  /** Puts a virtual register into the graph, if it is not there. */
  add(register: Register): void {
    this.#node(register);
  }

  connect(a: Register, b: Register): void {
    if (a === b || (!isVirtual(a) && !isVirtual(b))) return;
    const [one, other] = [this.#node(a), this.#node(b)];
    if (one.set.has(b)) return;
    one.set.add(b);
    one.neighbors.push(b);
    one.degree++;
    other.set.add(a);
    other.neighbors.push(a);
    other.degree++;
  }

  /** The virtual registers that are in the graph still. */
  present(): readonly Register[] {
    this.#virtual = this.#virtual.filter((register) => this.#nodes[register]?.present);
    return this.#virtual;
  }

  /** Calls for each neighbour that is in the graph still, until told to stop by `false`. */
  someNeighbor(register: Register, asked: (neighbor: Register) => boolean): boolean {
    for (const neighbor of this.#nodes[register]?.neighbors ?? []) {
      if (this.#nodes[neighbor]?.present && asked(neighbor)) return true;
    }
    return false;
  }

  isPresent(register: Register): boolean {
    return this.#nodes[register]?.present ?? false;
  }

  /** The place of a register among those that were put into the graph. */
  index(register: Register): number {
    return this.#node(register).index;
  }

  degree(register: Register): number {
    return this.#nodes[register]?.degree ?? 0;
  }

  interfere(a: Register, b: Register): boolean {
    if (!isVirtual(a) && !isVirtual(b)) return true;
    return this.#nodes[a]?.set.has(b) ?? false;
  }

  /** Takes a register out. @returns its neighbours at this moment. */
  remove(register: Register): readonly Register[] {
    const node = this.#node(register);
    node.present = false;
    const neighbors = node.neighbors.filter((neighbor) => this.#nodes[neighbor]?.present);
    for (const neighbor of neighbors) this.#node(neighbor).degree--;
    return neighbors;
  }

  /** Makes `gone` the same register as `kept`. @returns the neighbours that `gone` had. */
  join(kept: Register, gone: Register): readonly Register[] {
    const neighbors = this.remove(gone);
    this.#alias[gone] = kept;
    this.#gone.push(gone);
    for (const neighbor of neighbors) this.connect(kept, neighbor);
    return neighbors;
  }

  /** The register that a register has become. */
  find(register: Register): Register {
    let root = register;
    for (let next = this.#alias[root]; next !== undefined; next = this.#alias[root]) root = next;
    return root;
  }

  /** What has been joined, by the register that it has become; that one comes first. */
  groups(): ReadonlyMap<Register, readonly Register[]> {
    const groups = new Map<Register, Register[]>();
    for (const register of this.#gone) {
      const root = this.find(register);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [root, register]);
      else group.push(register);
    }
    return groups;
  }

  #node(register: Register): Node {
    const known = this.#nodes[register];
    if (known !== undefined) return known;
    const node = {
      index: this.#nextIndex++,
      neighbors: [],
      set: this.#newSet(),
      degree: 0,
      present: true,
    };
    this.#nodes[register] = node;
    if (isVirtual(register)) this.#virtual.push(register);
    return node;
  }
}

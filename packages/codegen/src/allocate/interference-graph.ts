import { isVirtual, type Register } from "../code/register.ts";

/** An interference graph from which registers are taken out, and in which they become one. */
export class InterferenceGraph {
  /** How many registers have been joined with others. */
  joined = 0;
  readonly #neighbors = new Map<Register, Set<Register>>();
  readonly #alias = new Map<Register, Register>();
  readonly #virtual = new Set<Register>();

  constructor(neighbors: ReadonlyMap<Register, ReadonlySet<Register>>) {
    for (const [register, others] of neighbors) {
      this.#neighbors.set(register, new Set(others));
      if (isVirtual(register)) this.#virtual.add(register);
    }
  }

  /** The virtual registers that are in the graph still. */
  present(): Register[] {
    return [...this.#virtual];
  }

  neighbors(register: Register): ReadonlySet<Register> {
    return this.#neighbors.get(register) ?? new Set();
  }

  degree(register: Register): number {
    return this.#neighbors.get(register)?.size ?? 0;
  }

  interfere(a: Register, b: Register): boolean {
    if (!isVirtual(a) && !isVirtual(b)) return true;
    return this.#neighbors.get(isVirtual(a) ? a : b)?.has(isVirtual(a) ? b : a) ?? false;
  }

  /** Takes a register out. @returns its neighbours at this moment. */
  remove(register: Register): ReadonlySet<Register> {
    const neighbors = this.neighbors(register);
    for (const neighbor of neighbors) this.#neighbors.get(neighbor)?.delete(register);
    this.#virtual.delete(register);
    return neighbors;
  }

  /** Makes `gone` the same register as `kept`. */
  join(kept: Register, gone: Register): void {
    const neighbors = this.remove(gone);
    this.#alias.set(gone, kept);
    this.joined++;
    const keptNeighbors = this.#neighbors.get(kept) ?? new Set();
    this.#neighbors.set(kept, keptNeighbors);
    for (const neighbor of neighbors) {
      keptNeighbors.add(neighbor);
      this.#neighbors.get(neighbor)?.add(kept);
    }
  }

  /** The register that a register has become. */
  find(register: Register): Register {
    let root = register;
    for (let next = this.#alias.get(root); next !== undefined; next = this.#alias.get(root)) root = next;
    return root;
  }

  /** What has been joined, by the register that it has become; that one comes first. */
  groups(): ReadonlyMap<Register, readonly Register[]> {
    const groups = new Map<Register, Register[]>();
    for (const register of this.#alias.keys()) {
      const root = this.find(register);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [root, register]);
      else group.push(register);
    }
    return groups;
  }
}

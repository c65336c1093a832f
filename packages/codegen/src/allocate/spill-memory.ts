import type { CodeFunction } from "../code/code.ts";
import type { Register } from "../code/register.ts";
import { renameRegisters } from "../code/rename.ts";
import type { InterferenceGraph } from "./interference-graph.ts";
import { liveRegisters } from "./liveness.ts";
import { repeatableDefinitions } from "./repeatable.ts";
import { SpillRewriter } from "./spill-rewriter.ts";

/** Bytes of a spilled register: all of it, because verifiers forget what they know of smaller stores. */
const SPILL_SIZE = 8;

/** Memory that several registers of one round take, at different times. */
interface SharedHome {
  readonly offset: number;
  readonly registers: Register[];
}

interface Round {
  readonly repeatable: ReadonlyMap<Register, unknown>;
  readonly shared: SharedHome[];
  readonly graph: InterferenceGraph;
}

/**
 * The memory of registers that found no register of the machine. In each stretch of a block without calls such a
 * register is read once and written once at most, by way of a new register; one of those that finds no place either is
 * read and written anew for each instruction. What can be made again, a constant or an address, is made again instead.
 */
export class SpillMemory {
  /** Where the memory of each register is, from r10. */
  readonly #homes = new Map<Register, number>();
  /** New registers that live for a stretch. */
  readonly #long = new Set<Register>();
  /** New registers that live for one instruction: to spill them would help nobody. */
  readonly #short = new Set<Register>();

  readonly #shares: boolean;

  /** @param shares whether groups that do not interfere may have the same memory */
  constructor(shares: boolean) {
    this.#shares = shares;
  }

  maySpill(register: Register): boolean {
    return !this.#short.has(register);
  }

  /** Moves groups of registers to memory, each group as one. */
  spill(code: CodeFunction, groups: readonly (readonly Register[])[], graph: InterferenceGraph): void {
    const roots = new Map(groups.flatMap((group) => group.map((register) => [register, group[0] ?? register])));
    renameRegisters(code, (register) => roots.get(register) ?? register);
    const repeatable = repeatableDefinitions(code);
    const shared: SharedHome[] = [];
    for (const group of groups) this.#giveHome(code, group, { repeatable, shared, graph });
    const spilled = new Set(roots.values());
    const liveness = liveRegisters(code);
    for (const block of code.blocks) {
      const end = liveness.atEnd(block);
      const context = {
        spilled,
        repeatable,
        homes: this.#homes,
        neededAtEnd: [...spilled].filter((register) => end.has(register)),
        isShort: (register: Register) => this.#long.has(register),
        newRegister: (register: Register) => this.#newRegister(code, register),
      };
      new SpillRewriter(context).rewrite(block);
    }
  }

  #giveHome(code: CodeFunction, group: readonly Register[], { repeatable, shared, graph }: Round): void {
    const [root] = group;
    if (root === undefined || repeatable.has(root)) return;
    if (group.some((register) => this.#long.has(register))) this.#long.add(root);
    // Memory that all of the group have already serves them; others would overwrite each other's.
    const home = this.#homes.get(root);
    if (home !== undefined && group.every((register) => this.#homes.get(register) === home)) return;
    const free = this.#shares
      ? shared.find(({ registers }) =>
          registers.every((other) => !group.some((register) => graph.interfere(register, other))),
        )
      : undefined;
    if (free !== undefined) {
      free.registers.push(...group);
      this.#homes.set(root, free.offset);
      return;
    }
    code.frame = Math.ceil(code.frame / SPILL_SIZE) * SPILL_SIZE + SPILL_SIZE;
    shared.push({ offset: -code.frame, registers: [...group] });
    this.#homes.set(root, -code.frame);
  }

  /** A register through which a spilled one is read or written. */
  #newRegister(code: CodeFunction, register: Register): Register {
    const name = code.nextRegister++;
    const home = this.#homes.get(register);
    const isShort = home === undefined || this.#long.has(register);
    (isShort ? this.#short : this.#long).add(name);
    if (home !== undefined) this.#homes.set(name, home);
    return name;
  }
}

import type { Code, CodeFunction } from "../code/code.ts";
import { isVirtual, type Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { liveRegisters } from "./liveness.ts";

/** A move whose two sides had better be one register. */
export interface MoveEdge {
  readonly to: Register;
  readonly from: Register;
  /** How often it runs. */
  readonly frequency: number;
}

/** Which registers hold different values at the same time. */
export interface Interference {
  readonly neighbors: ReadonlyMap<Register, ReadonlySet<Register>>;
  readonly moves: readonly MoveEdge[];
  /** How often each virtual register is read or written, by estimate: what it costs to keep it in memory. */
  readonly costs: ReadonlyMap<Register, number>;
}

export function buildInterference(code: CodeFunction): Interference {
  const neighbors = new Map<Register, Set<Register>>();
  const moves: MoveEdge[] = [];
  const costs = new Map<Register, number>();
  const ends = liveRegisters(code).atEnd;
  const touch = (register: Register, frequency: number): void => {
    if (!isVirtual(register)) return;
    costs.set(register, (costs.get(register) ?? 0) + frequency);
    if (!neighbors.has(register)) neighbors.set(register, new Set());
  };
  for (const block of code.blocks) {
    const live = new Set(ends.get(block));
    for (const register of usesOfEnd(block.end)) {
      touch(register, block.frequency);
      live.add(register);
    }
    for (const instruction of block.code.toReversed()) {
      const definitions = definitionsOf(instruction);
      for (const register of [...definitions, ...usesOf(instruction)]) touch(register, block.frequency);
      if (instruction.kind === "move") {
        moves.push({ to: instruction.to, from: instruction.from, frequency: block.frequency });
      }
      for (const definition of definitions) {
        for (const other of live) if (!isCopy(instruction, other)) connect(neighbors, definition, other);
        for (const other of definitions) connect(neighbors, definition, other);
      }
      for (const definition of definitions) live.delete(definition);
      for (const register of usesOf(instruction)) live.add(register);
    }
  }
  return { neighbors, moves, costs };
}

/** The two sides of a move hold the same value, so they do not get in each other's way there. */
function isCopy(instruction: Code, other: Register): boolean {
  return instruction.kind === "move" && instruction.from === other;
}

function connect(neighbors: Map<Register, Set<Register>>, a: Register, b: Register): void {
  if (a === b || (!isVirtual(a) && !isVirtual(b))) return;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const known = neighbors.get(one);
    if (known === undefined) neighbors.set(one, new Set([other]));
    else known.add(other);
  }
}

import type { CodeFunction } from "../code/code.ts";
import { isVirtual, type Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { InterferenceGraph } from "./interference-graph.ts";
import { liveRegisters } from "./liveness.ts";
import { OrderedRegisters } from "./ordered-registers.ts";

/** A move whose two sides had better be one register. */
export interface MoveEdge {
  readonly to: Register;
  readonly from: Register;
  /** How often it runs. */
  readonly frequency: number;
}

/** Which registers hold different values at the same time. */
export interface Interference {
  readonly graph: InterferenceGraph;
  readonly moves: readonly MoveEdge[];
  /** For each register how often it is read or written, by estimate: what it costs to keep it in memory. */
  readonly costs: Float64Array;
}

export function buildInterference(code: CodeFunction): Interference {
  const graph = new InterferenceGraph(code.nextRegister);
  const moves: MoveEdge[] = [];
  const costs = new Float64Array(code.nextRegister);
  const liveness = liveRegisters(code);
  const live = new OrderedRegisters(code.nextRegister);
  const touch = (register: Register, frequency: number): void => {
    if (!isVirtual(register)) return;
    costs[register] = (costs[register] ?? 0) + frequency;
    graph.add(register);
  };
  for (const block of code.blocks) {
    const { frequency } = block;
    live.replace(liveness.atEnd(block).toArray());
    for (const register of usesOfEnd(block.end)) {
      touch(register, frequency);
      live.add(register);
    }
    for (let index = block.code.length - 1; index >= 0; index--) {
      const instruction = block.code[index];
      if (instruction === undefined) continue;
      const definitions = definitionsOf(instruction);
      const uses = usesOf(instruction);
      for (const register of definitions) touch(register, frequency);
      for (const register of uses) touch(register, frequency);
      // The two sides of a move hold the same value, so they do not get in each other's way there.
      const copied = instruction.kind === "move" ? instruction.from : undefined;
      if (instruction.kind === "move") moves.push({ to: instruction.to, from: instruction.from, frequency });
      for (const definition of definitions) {
        for (const other of live.members) if (other !== copied) graph.connect(definition, other);
        for (const other of definitions) graph.connect(definition, other);
      }
      for (const definition of definitions) live.delete(definition);
      for (const register of uses) live.add(register);
    }
  }
  return { graph, moves, costs };
}

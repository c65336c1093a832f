import type { Code, CodeAction, CodeFunction } from "../code/code.ts";
import { FRAME, type Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { renamed, renamedEnd } from "../code/rename.ts";

/** Bytes of a spilled register: all of it, because verifiers forget what they know of smaller stores. */
const SPILL_SIZE = 8;

/** Actions that can be done again instead of kept in memory: constants, addresses of maps and of the stack. */
const REPEATABLE: ReadonlySet<CodeAction["kind"]> = new Set(["constant", "config", "map", "frame"]);

/** For each register that is only ever given one constant or address: how it is made. */
export function repeatableDefinitions(code: CodeFunction): ReadonlyMap<Register, CodeAction> {
  const made = new Map<Register, CodeAction>();
  const others = new Set<Register>();
  for (const { code: instructions } of code.blocks) {
    for (const instruction of instructions) {
      for (const register of definitionsOf(instruction)) {
        if (!REPEATABLE.has(instruction.kind) || made.has(register)) others.add(register);
        else made.set(register, instruction);
      }
    }
  }
  for (const register of others) made.delete(register);
  return made;
}

/**
 * Keeps a register in memory: a store behind each write and a load before each read, each with a register of its own
 * that lives for one instruction. What can be made again is made again instead.
 *
 * @returns the new registers, which must not be spilled again.
 */
export function spill(code: CodeFunction, registers: readonly Register[]): readonly Register[] {
  const repeatable = repeatableDefinitions(code);
  const offsets = new Map<Register, number>();
  for (const register of registers) {
    if (repeatable.has(register)) continue;
    code.frame = roundUp(code.frame) + SPILL_SIZE;
    offsets.set(register, -code.frame);
  }
  const spilled = new Set(registers);
  const fresh: Register[] = [];
  const reload = (to: Register, register: Register, position: Code["position"]): Code => {
    const again = repeatable.get(register);
    if (again !== undefined) return { ...renamed(again, () => to), position };
    return { kind: "load", bits: 64, to, base: FRAME, offset: offsets.get(register) ?? 0, position };
  };
  for (const block of code.blocks) {
    const result: Code[] = [];
    /** Reads `registers` from memory into new registers. */
    const reloaded = (read: readonly Register[], position: Code["position"]): Map<Register, Register> => {
      const names = new Map<Register, Register>();
      for (const register of read) {
        if (!spilled.has(register) || names.has(register)) continue;
        const name = code.nextRegister++;
        fresh.push(name);
        names.set(register, name);
        result.push(reload(name, register, position));
      }
      return names;
    };
    for (const instruction of block.code) {
      const { position } = instruction;
      if (instruction.kind === "move" && spilled.has(instruction.from) && !spilled.has(instruction.to)) {
        result.push(reload(instruction.to, instruction.from, position));
        continue;
      }
      const written = definitionsOf(instruction).filter((register) => spilled.has(register));
      if (written.some((register) => repeatable.has(register))) continue;
      const names = reloaded(usesOf(instruction), position);
      for (const register of written) {
        if (names.has(register)) continue;
        const name = code.nextRegister++;
        fresh.push(name);
        names.set(register, name);
      }
      result.push(renamed(instruction, (register) => names.get(register) ?? register));
      for (const register of written) {
        const right = { register: names.get(register) ?? register };
        result.push({ kind: "store", bits: 64, base: FRAME, offset: offsets.get(register) ?? 0, right, position });
      }
    }
    const names = reloaded(usesOfEnd(block.end), block.end.position);
    block.end = renamedEnd(block.end, (register) => names.get(register) ?? register);
    block.code = result;
  }
  return fresh;
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / SPILL_SIZE) * SPILL_SIZE;
}

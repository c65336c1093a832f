import { liveRegisters } from "../allocate/liveness.ts";
import { OrderedRegisters } from "../allocate/ordered-registers.ts";
import { COMMUTATIVE } from "../ir/operation.ts";
import type { Code, CodeFunction } from "./code.ts";
import type { Register } from "./register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "./registers-of.ts";

/**
 * An instruction destroys its left operand, so `t = a; t += b` costs a move that stays if `a` is needed later. Where
 * `b` is not, this makes it `t = b; t += a`, whose move goes away when `t` and `b` become one register.
 *
 * Needs and gives: code with virtual registers.
 */
export function commuteOperands(code: CodeFunction): void {
  const liveness = liveRegisters(code);
  const targets = moveTargets(code);
  const live = new OrderedRegisters(code.nextRegister);
  for (const block of code.blocks) {
    live.replace(liveness.atEnd(block).toArray());
    for (const register of usesOfEnd(block.end)) live.add(register);
    for (let index = block.code.length - 1; index >= 0; index--) {
      const instruction = block.code[index];
      const move = block.code[index - 1];
      if (instruction === undefined) continue;
      const swapped = move && commuted(move, instruction, live, targets);
      if (swapped !== undefined) block.code.splice(index - 1, 2, ...swapped);
      const now = block.code[index] ?? instruction;
      for (const register of definitionsOf(now)) live.delete(register);
      for (const register of usesOf(now)) live.add(register);
    }
  }
}

/** The pair the other way round, if that is better; `live` is what is needed behind it. */
function commuted(
  move: Code,
  instruction: Code,
  live: OrderedRegisters,
  targets: ReadonlyMap<Register, ReadonlySet<Register>>,
): [Code, Code] | undefined {
  if (move.kind !== "move" || instruction.kind !== "alu" || move.to !== instruction.to) return undefined;
  if (!COMMUTATIVE.has(instruction.operator) || instruction.ordered === true) return undefined;
  if (!("register" in instruction.right)) return undefined;
  const [left, right] = [move.from, instruction.right.register];
  if (left === right || right === instruction.to || live.has(right)) return undefined;
  // Both are free to be destroyed: take the one that ends up in the same place as the result, on this way (`total = x + total`) or on another.
  const better = live.has(left) || (meet(targets, instruction.to, right) && !meet(targets, instruction.to, left));
  return better
    ? [
        { ...move, from: right },
        { ...instruction, right: { register: left } },
      ]
    : undefined;
}

/** Whether a result and an operand of it are moved to the same register in the end, the operand not by way of the result. */
function meet(targets: ReadonlyMap<Register, ReadonlySet<Register>>, result: Register, operand: Register): boolean {
  const ends = reached(targets, result);
  return [...reached(targets, operand, result)].some((register) => ends.has(register));
}

/** A register, and those that its value is moved to, if need be by way of others, but not of `without`. */
function reached(
  targets: ReadonlyMap<Register, ReadonlySet<Register>>,
  from: Register,
  without?: Register,
): ReadonlySet<Register> {
  const seen = new Set([from]);
  for (const register of seen) {
    for (const next of targets.get(register) ?? []) if (next !== without) seen.add(next);
  }
  return seen;
}

/** Where the value of each register is moved on to. */
function moveTargets(code: CodeFunction): ReadonlyMap<Register, ReadonlySet<Register>> {
  const targets = new Map<Register, Set<Register>>();
  for (const block of code.blocks) {
    for (const instruction of block.code) {
      if (instruction.kind !== "move") continue;
      targets.set(instruction.from, (targets.get(instruction.from) ?? new Set()).add(instruction.to));
    }
  }
  return targets;
}

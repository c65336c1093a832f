import { type Code, type CodeBlock, type CodeFunction, successorsOf } from "./code.ts";
import type { Register } from "./register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "./registers-of.ts";

/**
 * Of two arms that meet again one is jumped over, and the other one jumps back. Where one does nothing but give a register its value,
 * which the other one gives another, this does so before the branch: there is one arm left, and both ways are without a jump of
 * their own, for an instruction more on one of them.
 *
 * Needs and gives: code with the machine's registers.
 */
export function hoistMoves(code: CodeFunction): void {
  const predecessors = countPredecessors(code);
  const gone = new Set<CodeBlock>();
  for (const block of code.blocks) {
    const { end } = block;
    if (end.kind !== "branch") continue;
    const { whenTrue, whenFalse } = end;
    if (predecessors.get(whenTrue) !== 1 || predecessors.get(whenFalse) !== 1) continue;
    // Where one of them hardly ever runs, the other way is without a jump already.
    if (end.likelihood !== 1 / 2) continue;
    const read = usesOfEnd(end);
    const [onTrue, onFalse] = [hoistable(whenTrue, whenFalse, read), hoistable(whenFalse, whenTrue, read)];
    // Better what waits for nothing.
    if (onTrue !== undefined && (onFalse === undefined || usesOf(onTrue.move).length === 0)) {
      block.code.push(onTrue.move);
      block.end = { ...end, whenTrue: onTrue.target };
      gone.add(whenTrue);
    } else if (onFalse !== undefined) {
      block.code.push(onFalse.move);
      block.end = { ...end, whenFalse: onFalse.target };
      gone.add(whenFalse);
    }
  }
  code.blocks = code.blocks.filter((block) => !gone.has(block));
}

const MOVES: ReadonlySet<Code["kind"]> = new Set(["constant", "config", "move", "truncate"]);

/** The one move that an arm consists of, and where it goes on, if that may be done before a branch that reads the registers `read`. */
function hoistable(
  arm: CodeBlock,
  other: CodeBlock,
  read: readonly Register[],
): { readonly move: Code; readonly target: CodeBlock } | undefined {
  const [move, second] = arm.code;
  if (move === undefined || second !== undefined || !MOVES.has(move.kind)) return undefined;
  if (arm.end.kind !== "jump" || other.end.kind !== "jump" || arm.end.target !== other.end.target) return undefined;
  const [register] = definitionsOf(move);
  if (register === undefined || read.includes(register) || !overwrites(other.code, register)) return undefined;
  // What a verifier learns of a register at the branch it would have to know of the copy too.
  if (usesOf(move).some((source) => read.includes(source))) return undefined;
  return { move, target: arm.end.target };
}

/** Whether the register gets a value before anybody looks at the one that it has. */
function overwrites(code: readonly Code[], register: Register): boolean {
  for (const instruction of code) {
    if (usesOf(instruction).includes(register)) return false;
    if (definitionsOf(instruction).includes(register)) return true;
  }
  return false;
}

function countPredecessors(code: CodeFunction): ReadonlyMap<CodeBlock, number> {
  const counts = new Map<CodeBlock, number>();
  // The first one is where the function begins.
  for (const block of code.blocks.slice(0, 1)) counts.set(block, 1);
  for (const block of code.blocks) {
    for (const successor of successorsOf(block)) counts.set(successor, (counts.get(successor) ?? 0) + 1);
  }
  return counts;
}

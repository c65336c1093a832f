import { retargeted } from "../code/clone.ts";
import { type CodeBlock, type CodeFunction, frequencyOfWays, successorsOf } from "../code/code.ts";
import { isVirtual, type Register } from "../code/register.ts";
import { definitionsOf, usesOf, usesOfEnd } from "../code/registers-of.ts";
import { Dominators } from "../ir/dominators.ts";
import { findLoops, type Loop } from "../ir/loops.ts";
import { type Liveness, type LiveRegisters, liveRegisters } from "./liveness.ts";

/**
 * Gives values that only live through a loop a register of their own there. The allocator makes one of the two again
 * where there is room; where there is not, it is the one in the loop that goes to memory, and costs nothing inside.
 *
 * @returns the new registers.
 */
export function splitAroundLoops(code: CodeFunction): ReadonlySet<Register> {
  const first = code.nextRegister;
  let [loops, liveness] = [loopsOf(code), liveRegisters(code)];
  for (const header of loops.map((loop) => loop.header)) {
    const loop = loops.find((candidate) => candidate.header === header);
    // Splitting a loop adds blocks, and registers.
    if (loop !== undefined && split(code, loop, liveness)) [loops, liveness] = [loopsOf(code), liveRegisters(code)];
  }
  return new Set(Array.from({ length: code.nextRegister - first }, (_, index) => first + index));
}

function loopsOf(code: CodeFunction): Loop<CodeBlock>[] {
  const [entry] = code.blocks;
  return entry === undefined ? [] : findLoops(new Dominators(entry, successorsOf));
}

/** Whether there was anything to split. */
function split(code: CodeFunction, { header, body }: Loop<CodeBlock>, liveness: Liveness): boolean {
  const inside = new Map<Register, Register>();
  for (const register of untouched(body, liveness.atStart(header))) inside.set(register, code.nextRegister++);
  if (inside.size === 0) return false;
  const before = code.blocks.filter((block) => !body.has(block) && successorsOf(block).includes(header));
  const entry = blockBetween(code, before, header);
  for (const [register, name] of inside) entry.code.push({ ...atEndOf(entry), to: name, from: register });
  for (const exit of new Set([...body].flatMap(successorsOf))) {
    const needed = [...inside].filter(([register]) => liveness.atStart(exit).has(register));
    if (body.has(exit) || needed.length === 0) continue;
    const from = [...body].filter((block) => successorsOf(block).includes(exit));
    const way = blockBetween(code, from, exit);
    for (const [register, name] of needed) way.code.push({ ...atEndOf(way), to: register, from: name });
  }
  return true;
}

/** The virtual registers that a loop neither reads nor writes. */
function untouched(body: ReadonlySet<CodeBlock>, live: LiveRegisters): ReadonlySet<Register> {
  const registers = new Set(live.toArray().filter(isVirtual));
  for (const block of body) {
    for (const instruction of block.code) {
      for (const register of [...usesOf(instruction), ...definitionsOf(instruction)]) registers.delete(register);
    }
    for (const register of usesOfEnd(block.end)) registers.delete(register);
  }
  return registers;
}

/** A new block on the way from the blocks `from` to `to`. */
function blockBetween(code: CodeFunction, from: readonly CodeBlock[], to: CodeBlock): CodeBlock {
  const position = from[0]?.end.position;
  const id = code.blocks.length;
  const between: CodeBlock = {
    id,
    name: `to-${to.name}`,
    frequency: frequencyOfWays(from, to),
    code: [],
    end: { kind: "jump", target: to, position },
  };
  for (const block of from) block.end = retargeted(block.end, (target) => (target === to ? between : target));
  code.blocks.push(between);
  return between;
}

function atEndOf(block: CodeBlock): { readonly kind: "move"; readonly position: CodeBlock["end"]["position"] } {
  return { kind: "move", position: block.end.position };
}

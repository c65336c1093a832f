import { repeatableDefinitions } from "../allocate/repeatable.ts";
import { Dominators } from "../ir/dominators.ts";
import { type Code, type CodeAction, type CodeBlock, type CodeFunction, successorsOf } from "./code.ts";
import { isVirtual, type Register } from "./register.ts";
import { renamed, renamedEnd } from "./rename.ts";

type Constant = CodeAction & { readonly kind: "constant" };

/** A block that makes a constant. */
interface Making {
  readonly block: CodeBlock;
  readonly code: Code & Constant;
}

/**
 * Selection makes the constants that no instruction can hold once in each block that needs them. This makes them once for several
 * blocks, or before a loop, where that is done less often. Where registers are short, the allocator makes them at each use again.
 *
 * Needs and gives: code with virtual registers.
 */
export function shareConstants(code: CodeFunction): void {
  const made = makings(code);
  const [entry] = code.blocks;
  if (entry === undefined || made.size === 0) return;
  const dominators = new Dominators(entry, successorsOf);
  const names = new Map<Register, Register>();
  for (const [value, places] of made) {
    const place = cheapest(dominators, places);
    if (place === undefined) continue;
    const here = places.find(({ block }) => block === place);
    const register = here?.code.to ?? code.nextRegister++;
    for (const making of places) {
      if (making === here) continue;
      names.set(making.code.to, register);
      making.block.code.splice(making.block.code.indexOf(making.code), 1);
    }
    if (here === undefined)
      place.code.push({ kind: "constant", to: register, value, position: places[0]?.code.position });
  }
  if (names.size === 0) return;
  const rename = (register: Register): Register => names.get(register) ?? register;
  for (const block of code.blocks) {
    block.code = block.code.map((instruction) => renamed(instruction, rename));
    block.end = renamedEnd(block.end, rename);
  }
}

/** For each constant: who makes it in a register that holds nothing else. */
function makings(code: CodeFunction): ReadonlyMap<bigint, readonly Making[]> {
  const alone = repeatableDefinitions(code);
  const made = new Map<bigint, Making[]>();
  for (const block of code.blocks) {
    for (const instruction of block.code) {
      if (instruction.kind !== "constant" || !isVirtual(instruction.to) || !alone.has(instruction.to)) continue;
      const places = made.get(instruction.value) ?? [];
      places.push({ block, code: instruction });
      made.set(instruction.value, places);
    }
  }
  return made;
}

/** The nearest block on the way to all, of those the one that runs least; undefined where it does not run less than they do together. */
function cheapest(dominators: Dominators<CodeBlock>, places: readonly Making[]): CodeBlock | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  let best: CodeBlock | undefined;
  let least = places.reduce((sum, { block }) => sum + block.frequency, 0);
  let block = first.block;
  for (;;) {
    if (block.frequency < least && places.every((other) => dominators.dominates(block, other.block))) {
      [best, least] = [block, block.frequency];
    }
    const parent = dominators.parent(block);
    if (parent === undefined || parent === block) return best;
    block = parent;
  }
}

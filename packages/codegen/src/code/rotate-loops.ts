import { Dominators } from "../ir/dominators.ts";
import { findLoops, type Loop } from "../ir/loops.ts";
import { retargeted } from "./clone.ts";
import { type CodeBlock, type CodeFunction, frequencyOfWays, successorsOf } from "./code.ts";

/** The longest test, in instructions before its branch, that is worth another copy. */
const LONGEST_TEST = 2;

/**
 * Asks before a loop whether it runs at all, and in it, behind each round, whether there is another one: a round then has one jump, and
 * the last one falls out. Without that each round jumps back to the test, and the last one from there to the end.
 *
 * Needs and gives: code with the machine's registers.
 */
export function rotateLoops(code: CodeFunction): void {
  const [entry] = code.blocks;
  if (entry === undefined) return;
  for (const loop of findLoops(new Dominators(entry, successorsOf))) {
    if (loop.header !== entry && hasTestToCopy(loop)) rotate(code, loop);
  }
}

/** Whether the loop begins with a short test that ends it, and has rounds behind it. */
function hasTestToCopy({ header, body }: Loop<CodeBlock>): boolean {
  if (header.end.kind !== "branch" || header.code.length > LONGEST_TEST) return false;
  const inside = successorsOf(header).filter((successor) => body.has(successor));
  return inside.length === 1 && inside[0] !== header;
}

/** The loop keeps its test, which is now at its end; who comes from outside has one of its own. */
function rotate(code: CodeFunction, { header, body }: Loop<CodeBlock>): void {
  const before = code.blocks.filter((block) => !body.has(block) && successorsOf(block).includes(header));
  const test: CodeBlock = {
    id: Math.max(...code.blocks.map(({ id }) => id)) + 1,
    name: `before-${header.name}`,
    frequency: frequencyOfWays(before, header),
    code: [...header.code],
    end: header.end,
  };
  for (const block of before) block.end = retargeted(block.end, (target) => (target === header ? test : target));
  code.blocks.push(test);
}

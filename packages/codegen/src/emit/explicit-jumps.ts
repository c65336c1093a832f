import type { CodeBlock } from "../code/code.ts";
import { arms } from "./arms.ts";

/**
 * The blocks that need a jump to the block behind them, which they could as well fall into.
 *
 * Before Linux 6.7 the verifier follows a program's ways depth first, before it looks at what the program does, and accepts a
 * way back to where it has come through ("back-edge") only from a jump. A loop that is laid out around its middle falls into
 * its beginning from above. A jump to the next instruction costs nothing: JIT compilers leave it out.
 */
export function explicitJumps(order: readonly CodeBlock[]): ReadonlySet<CodeBlock> {
  const next = new Map(order.map((block, index) => [block, order[index + 1]]));
  const found = new Set<CodeBlock>();
  const open = new Set<CodeBlock>();
  const done = new Set<CodeBlock>();
  const [entry] = order;
  if (entry === undefined) return found;
  open.add(entry);
  // Not by recursion: a long function is deeper than the stack of calls.
  const stack = [{ block: entry, left: [...ways(entry, next.get(entry))] }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const { block } = top;
    const successor = top.left.shift();
    if (successor === undefined) {
      open.delete(block);
      done.add(block);
      stack.pop();
    } else if (open.has(successor)) {
      if (block.end.kind === "jump" && successor === next.get(block)) found.add(block);
    } else if (!done.has(successor)) {
      open.add(successor);
      stack.push({ block: successor, left: [...ways(successor, next.get(successor))] });
    }
  }
  return found;
}

/** Where a block leads, in the verifier's order: first what it falls into. */
function ways({ end }: CodeBlock, next: CodeBlock | undefined): readonly CodeBlock[] {
  if (end.kind === "exit") return [];
  if (end.kind === "jump") return [end.target];
  const { target, other } = arms(end, next);
  return [other, target];
}

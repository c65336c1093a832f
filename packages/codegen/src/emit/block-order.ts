import { type CodeBlock, type CodeFunction, successorsOf } from "../code/code.ts";

/**
 * An order of blocks in which most jumps fall through to the next block: from each block on to its most frequent
 * successor that has no place yet.
 */
export function orderBlocks(code: CodeFunction): CodeBlock[] {
  const [entry] = code.blocks;
  if (entry === undefined) return [];
  const placed = new Set<CodeBlock>();
  const waiting: CodeBlock[] = [entry];
  for (let start = waiting.pop(); start !== undefined; start = waiting.pop()) {
    for (let block: CodeBlock | undefined = start; block !== undefined && !placed.has(block); ) {
      placed.add(block);
      const [best, ...others] = successorsOf(block)
        .filter((successor) => !placed.has(successor))
        .sort((a, b) => b.frequency - a.frequency);
      waiting.push(...others);
      block = best;
    }
  }
  return [...placed];
}

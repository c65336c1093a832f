import { type CodeBlock, type CodeEnd, type CodeFunction, successorsOf } from "./code.ts";

/**
 * Lets jumps to blocks that only jump on go where those go: edges whose moves all turned out to be needless. What jumps to a block
 * that only returns returns itself.
 *
 * Needs and gives: code with the machine's registers.
 */
export function skipEmptyBlocks(code: CodeFunction): void {
  for (const block of code.blocks) block.end = skipping(block.end);
  const [entry] = code.blocks;
  const targets = new Set(code.blocks.flatMap(successorsOf));
  code.blocks = code.blocks.filter((block) => block === entry || targets.has(block));
}

function skipping(end: CodeEnd): CodeEnd {
  if (end.kind === "exit") return end;
  if (end.kind === "jump") {
    const target = destination(end.target);
    return target.code.length === 0 && target.end.kind === "exit" ? target.end : { ...end, target };
  }
  const [whenTrue, whenFalse] = [destination(end.whenTrue), destination(end.whenFalse)];
  if (whenTrue === whenFalse) return { kind: "jump", target: whenTrue, position: end.position };
  return { ...end, whenTrue, whenFalse };
}

/** Where a jump to the block ends up. */
function destination(block: CodeBlock): CodeBlock {
  const seen = new Set<CodeBlock>();
  let at = block;
  // A ring of empty blocks is a loop without end, and stays one.
  while (at.code.length === 0 && at.end.kind === "jump" && !seen.has(at)) {
    seen.add(at);
    at = at.end.target;
  }
  return at;
}

import type { CodeBlock, CodeEnd, CodeFunction } from "./code.ts";

/** A copy that can be changed while the first one stays. */
export function cloneCode(code: CodeFunction): CodeFunction {
  const copies = new Map(code.blocks.map((block) => [block, { ...block, code: [...block.code] }]));
  const copyOf = (block: CodeBlock): CodeBlock => copies.get(block) ?? block;
  for (const copy of copies.values()) copy.end = retargeted(copy.end, copyOf);
  return { ...code, blocks: [...copies.values()] };
}

/** The same end with other targets. */
export function retargeted(end: CodeEnd, target: (block: CodeBlock) => CodeBlock): CodeEnd {
  switch (end.kind) {
    case "exit":
      return end;
    case "jump":
      return { ...end, target: target(end.target) };
    case "branch":
      return { ...end, whenTrue: target(end.whenTrue), whenFalse: target(end.whenFalse) };
  }
}

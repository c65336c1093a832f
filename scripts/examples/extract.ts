import type { Example, ShownCode } from "./example.ts";

interface Fence {
  /** From 1. */
  readonly line: number;
  readonly words: readonly string[];
  readonly text: string;
}

/** The TypeScript examples of a Markdown document. */
export function examplesOfMarkdown(document: string, text: string): Example[] {
  return examples(document, fences(document, text.split("\n"), 1));
}

/** The TypeScript examples in the doc comments of a source file. An `@example` without a block of code is a mistake. */
export function examplesOfSource(document: string, text: string): Example[] {
  return [...text.matchAll(/^[ \t]*\/\*\*.*?\*\//gms)].flatMap(({ 0: comment, index }) => {
    const line = text.slice(0, index).split("\n").length;
    const lines = comment.split("\n").map((each) => each.replace(/^\s*\*( |$)/, "").replace(/\s*\*\/$/, ""));
    const found = fences(document, lines, line);
    const promised = comment.match(/@example/g)?.length ?? 0;
    if (promised > found.length) throw new Error(`${document}:${line}: an @example has no block of code`);
    return examples(document, found);
  });
}

function examples(document: string, blocks: readonly Fence[]): Example[] {
  return blocks.flatMap(({ line, words, text }, index) => {
    if (words[0] !== "ts") return [];
    const next = blocks[index + 1];
    return {
      document,
      line,
      text,
      name: /^\/\/ ([\w.-]+\.ts)\n/.exec(text)?.[1],
      isKernel: words.includes("kernel") || text.includes('from "@weir/compiler/language"'),
      diagnostics: next?.words[0] === "diagnostics" ? next.text : undefined,
      code: shownCode(blocks.slice(index + 1)),
    };
  });
}

/** What is shown of an example's code: the blocks behind it, up to the next example. */
function shownCode(behind: readonly Fence[]): ShownCode[] {
  const end = behind.findIndex(({ words }) => words[0] === "ts");
  return (end === -1 ? behind : behind.slice(0, end)).flatMap(({ line, words: [kind, pass, run], text }) =>
    kind === "dump" || kind === "disassembly" ? [{ line, pass, run: run === undefined ? run : Number(run), text }] : [],
  );
}

/** The fenced blocks of code, each with the words behind its opening fence. */
function fences(document: string, lines: readonly string[], first: number): Fence[] {
  const found: Fence[] = [];
  let open: { words: string[]; start: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("```")) continue;
    if (open === undefined) {
      open = { words: line.slice(3).trim().split(/\s+/), start: index + 1 };
    } else {
      const text = lines.slice(open.start, index).map((each) => `${each}\n`);
      found.push({ line: first + open.start, words: open.words, text: text.join("") });
      open = undefined;
    }
  }
  if (open) throw new Error(`${document}:${first + open.start - 1}: this block of code has no end`);
  return found;
}

import type { Code, CodeAction, CodeBlock, CodeEnd, CodeFunction } from "./code.ts";

/**
 * Lets blocks that end alike share their ends: the same instructions, of the same lines, before the same jump, as functions leave them
 * that have become a part of several callers.
 *
 * Needs and gives: code with the machine's registers.
 */
export function mergeTails(code: CodeFunction): void {
  const texts = new Map<Code, string>();
  const textOf = (instruction: Code): string => {
    let text = texts.get(instruction);
    if (text === undefined) {
      text = instructionText(instruction);
      texts.set(instruction, text);
    }
    return text;
  };
  let nextId = Math.max(...code.blocks.map(({ id }) => id)) + 1;
  for (let pair = longestTail(code, textOf); pair !== undefined; pair = longestTail(code, textOf)) {
    const { one, other, length } = pair;
    const tail: CodeBlock = {
      id: nextId++,
      name: "tail",
      frequency: one.frequency + other.frequency,
      code: one.code.slice(one.code.length - length),
      end: one.end,
    };
    for (const block of [one, other]) {
      block.code = block.code.slice(0, block.code.length - length);
      block.end = { kind: "jump", target: tail, position: block.end.position };
    }
    code.blocks.push(tail);
  }
}

interface Pair {
  readonly one: CodeBlock;
  readonly other: CodeBlock;
  readonly length: number;
}

/** The two blocks whose common end is longest. */
function longestTail(code: CodeFunction, textOf: (instruction: Code) => string): Pair | undefined {
  let best: Pair | undefined;
  for (const blocks of Map.groupBy(code.blocks, ({ end }) => endText(end)).values()) {
    for (const [index, one] of blocks.entries()) {
      for (const other of blocks.slice(index + 1)) {
        const length = commonLength(one.code, other.code, textOf);
        if (length > (best?.length ?? 0)) best = { one, other, length };
      }
    }
  }
  return best;
}

function commonLength(one: readonly Code[], other: readonly Code[], textOf: (instruction: Code) => string): number {
  let length = 0;
  for (;;) {
    const [a, b] = [one[one.length - 1 - length], other[other.length - 1 - length]];
    if (a === undefined || b === undefined || textOf(a) !== textOf(b)) return length;
    length++;
  }
}

/** What verifiers never refuse: nobody will ask which line it comes from. */
function isHarmless(action: CodeAction): boolean {
  switch (action.kind) {
    case "constant":
    case "config":
    case "move":
    case "truncate":
    case "byte-swap":
      return true;
    case "alu":
      return action.width === 32;
    default:
      return false;
  }
}

/** The same for instructions that do the same, and come from the same place of the source, if that matters. */
function instructionText({ position, ...action }: Code): string {
  const place = isHarmless(action) ? "" : `${position?.file}:${position?.line}:${position?.column}`;
  return `${JSON.stringify(action, (_, value) => (typeof value === "bigint" ? `${value}n` : value))} ${place}`;
}

function endText(end: CodeEnd): string {
  switch (end.kind) {
    case "exit":
      return "exit";
    case "jump":
      return `jump ${end.target.id}`;
    case "branch": {
      const { comparison, width, left, right, whenTrue, whenFalse } = end;
      return `${comparison} ${width} ${left} ${JSON.stringify(right)} ${whenTrue.id} ${whenFalse.id}`;
    }
  }
}

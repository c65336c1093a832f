import type { Code, CodeAction, CodeBlock, CodeEnd, CodeFunction } from "./code.ts";

/**
 * Lets blocks that end alike share their ends: the same instructions, of the same lines, before the same jump, as functions leave them
 * that have become a part of several callers.
 *
 * Needs and gives: code with the machine's registers.
 */
export function mergeTails(code: CodeFunction): void {
  const texts: Texts = { of: once(instructionText), ofEnd: once(endText) };
  let nextId = Math.max(...code.blocks.map(({ id }) => id)) + 1;
  for (let pair = longestTail(code, texts); pair !== undefined; pair = longestTail(code, texts)) {
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

/** What is the same for two instructions, or ends of blocks, exactly when they can be shared. */
interface Texts {
  of(instruction: Code): string;
  ofEnd(end: CodeEnd): string;
}

/** Texts take longer to make than to compare. */
function once<T extends object>(make: (of: T) => string): (of: T) => string {
  const texts = new Map<T, string>();
  return (of) => {
    let text = texts.get(of);
    if (text === undefined) {
      text = make(of);
      texts.set(of, text);
    }
    return text;
  };
}

interface Pair {
  readonly one: CodeBlock;
  readonly other: CodeBlock;
  readonly length: number;
  /** Of pairs whose tails are as long as each other, the first in this order is merged first. */
  readonly order: readonly [end: number, one: number, other: number];
}

/** The two blocks whose common end is longest. */
function longestTail(code: CodeFunction, texts: Texts): Pair | undefined {
  const ends = new Map<string, number>();
  // Only those whose last instructions are alike have a tail in common.
  const alike = new Map<string, { readonly block: CodeBlock; readonly index: number; readonly end: number }[]>();
  for (const [index, block] of code.blocks.entries()) {
    const text = texts.ofEnd(block.end);
    const end = ends.get(text) ?? ends.size;
    ends.set(text, end);
    const last = block.code.at(-1);
    if (last === undefined) continue;
    const key = `${end} ${texts.of(last)}`;
    const others = alike.get(key);
    if (others === undefined) alike.set(key, [{ block, index, end }]);
    else others.push({ block, index, end });
  }
  let best: Pair | undefined;
  for (const blocks of alike.values()) {
    for (const [at, { block: one, index, end }] of blocks.entries()) {
      for (const { block: other, index: otherIndex } of blocks.slice(at + 1)) {
        const length = commonLength(one.code, other.code, texts);
        const pair: Pair = { one, other, length, order: [end, index, otherIndex] };
        if (best === undefined || isBetter(pair, best)) best = pair;
      }
    }
  }
  return best;
}

function isBetter(pair: Pair, best: Pair): boolean {
  if (pair.length !== best.length) return pair.length > best.length;
  const difference = pair.order.map((place, index) => place - (best.order[index] ?? 0)).find((each) => each !== 0);
  return difference !== undefined && difference < 0;
}

function commonLength(one: readonly Code[], other: readonly Code[], texts: Texts): number {
  let length = 0;
  for (;;) {
    const [a, b] = [one[one.length - 1 - length], other[other.length - 1 - length]];
    if (a === undefined || b === undefined || texts.of(a) !== texts.of(b)) return length;
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

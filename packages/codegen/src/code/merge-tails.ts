import type { Code, CodeAction, CodeBlock, CodeEnd, CodeFunction } from "./code.ts";

/**
 * Lets blocks that end alike share their ends: the same instructions, of the same lines, before the same jump, as functions leave them
 * that have become a part of several callers.
 *
 * Needs and gives: code with the machine's registers.
 */
export function mergeTails(code: CodeFunction): void {
  const texts: Texts = { of: once(instructionText), ofEnd: once(endText) };
  const tails = new Tails(texts);
  for (const [index, block] of code.blocks.entries()) tails.add({ block, index });
  let nextId = Math.max(...code.blocks.map(({ id }) => id)) + 1;
  for (let pair = tails.longest(); pair !== undefined; pair = tails.longest()) {
    const { one, other, length } = pair;
    const tail: CodeBlock = {
      id: nextId++,
      name: "tail",
      frequency: one.block.frequency + other.block.frequency,
      code: one.block.code.slice(one.block.code.length - length),
      end: one.block.end,
    };
    for (const { block } of [one, other]) {
      block.code = block.code.slice(0, block.code.length - length);
      block.end = { kind: "jump", target: tail, position: block.end.position };
    }
    for (const place of [one, other, { block: tail, index: code.blocks.length }]) tails.add(place);
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

/** A block, and where in the function it is. */
interface Place {
  readonly block: CodeBlock;
  readonly index: number;
}

interface Pair {
  readonly one: Place;
  readonly other: Place;
  readonly length: number;
}

/** Blocks whose ends and last instructions are alike: only those have a tail in common. */
interface Alike {
  readonly places: Place[];
  /** The two whose common tail is longest; undefined until somebody asks. */
  longest: Pair | "none" | undefined;
}

/** Which blocks end alike. */
class Tails {
  readonly #texts: Texts;
  readonly #alike = new Map<string, Alike>();
  readonly #of = new Map<CodeBlock, Alike>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** Adds a block, or one that has changed. */
  add(place: Place): void {
    const { block } = place;
    const before = this.#of.get(block);
    if (before !== undefined) {
      before.places.splice(
        before.places.findIndex((other) => other.block === block),
        1,
      );
      before.longest = undefined;
      this.#of.delete(block);
    }
    const last = block.code.at(-1);
    if (last === undefined) return;
    const key = `${this.#texts.ofEnd(block.end)}\n${this.#texts.of(last)}`;
    const alike = this.#alike.get(key) ?? { places: [], longest: undefined };
    alike.places.push(place);
    alike.places.sort((a, b) => a.index - b.index);
    alike.longest = undefined;
    this.#alike.set(key, alike);
    this.#of.set(block, alike);
  }

  /** The two blocks whose common tail is longest, of several such pairs the first. */
  longest(): Pair | undefined {
    let best: Pair | undefined;
    for (const alike of this.#alike.values()) {
      alike.longest ??= this.#longestOf(alike.places);
      if (alike.longest !== "none" && (best === undefined || isBetter(alike.longest, best))) best = alike.longest;
    }
    return best;
  }

  #longestOf(places: readonly Place[]): Pair | "none" {
    let best: Pair | undefined;
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        const pair = { one, other, length: commonLength(one.block.code, other.block.code, this.#texts) };
        if (best === undefined || isBetter(pair, best)) best = pair;
      }
    }
    return best ?? "none";
  }
}

function isBetter(pair: Pair, best: Pair): boolean {
  if (pair.length !== best.length) return pair.length > best.length;
  return (pair.one.index - best.one.index || pair.other.index - best.other.index) < 0;
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

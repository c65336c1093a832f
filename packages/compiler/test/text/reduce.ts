import { allGroups, type Group, groupsOf, type Stretch } from "./groups.ts";

const PATIENCE = 120_000;

/**
 * The smallest text that can be made of another one by leaving out statements and simplifying expressions, so that it stays
 * `interesting` with each step; or what has been found when this took too many milliseconds.
 */
export function reduceText(text: string, interests: (text: string) => boolean, patience = PATIENCE): string {
  const end = Date.now() + patience;
  const interesting = (candidate: string) => Date.now() < end && interests(candidate);
  let smallest = text;
  for (;;) {
    const before = smallest;
    smallest = inChunks(smallest, interesting);
    smallest = firstThatHolds(smallest, simplerTexts, interesting);
    if (smallest === before) return smallest;
  }
}

/** Leaves out runs of statements: long ones first, which is fast, then single ones. */
function inChunks(text: string, interesting: (text: string) => boolean): string {
  let current = text;
  for (let size = 16; size >= 1; size >>= 1) {
    for (let index = 0; ; ) {
      const runs = allGroups(groupsOf(current)).flatMap(({ parts, bracket }) =>
        bracket === "{" ? parts.flatMap((_, at) => (at % size === 0 ? [parts.slice(at, at + size)] : [])) : [],
      );
      const run = runs[index];
      if (run === undefined) break;
      const [first, last] = [run[0], run.at(-1)];
      const without = first && last && replaced(current, { start: first.start, end: last.end }, "");
      if (without !== undefined && interesting(without)) current = without;
      else index++;
    }
  }
  return current;
}

function firstThatHolds(
  text: string,
  candidates: (text: string) => Iterable<string>,
  interesting: (text: string) => boolean,
): string {
  let current = text;
  for (let tried = 0; ; ) {
    let found: string | undefined;
    let position = 0;
    for (const candidate of candidates(current)) {
      if (position++ < tried || candidate.length >= current.length) continue;
      tried = position;
      if (interesting(candidate)) {
        found = candidate;
        break;
      }
    }
    if (found === undefined) return current;
    current = found;
    tried = Math.max(0, tried - 1);
  }
}

/** Blocks instead of the statements around them, inner expressions or numbers instead of outer ones. */
function* simplerTexts(text: string): Generator<string> {
  for (const group of allGroups(groupsOf(text))) {
    if (group.bracket === "{") yield* withoutStatementAround(text, group);
    else yield* simplerGroups(text, group);
  }
}

function* withoutStatementAround(text: string, group: Group): Generator<string> {
  for (const part of group.parts) {
    const blocks = group.inner.filter(
      ({ bracket, start, end }) => bracket === "{" && start >= part.start && end <= part.end,
    );
    for (const block of blocks) yield replaced(text, part, text.slice(block.start, block.end));
  }
}

function* simplerGroups(text: string, group: Group): Generator<string> {
  const content = text.slice(group.start, group.end);
  if (group.bracket === "(") {
    for (const number of ["0", "1"]) if (content !== number) yield replaced(text, group, number);
    for (const inner of group.inner) yield replaced(text, group, text.slice(inner.start, inner.end));
    // `a + b`: either side alone.
    for (const inner of group.inner) {
      yield replaced(text, group, text.slice(group.start, inner.end + 1));
      yield replaced(text, group, text.slice(inner.start - 1, group.end));
    }
  }
  if (group.parts.length > 1) for (const part of group.parts) yield replaced(text, part, "");
}

const replaced = (text: string, { start, end }: Stretch, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

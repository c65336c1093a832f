import type { Place } from "../rule-set/rule-set.ts";

/** Mistakes that the message has. */
const MOST_SHOWN = 20;

/** Something about rules that is wrong, or looks like a mistake. */
export interface RulesProblem extends Place {
  /** Where in the file's data it is, as in `rules[2].match`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * What keeps rules from being used. The message has a line for each problem: `rules.yaml:3:22: rules[0].match: …`.
 *
 * @example
 * ```ts
 * try {
 *   readRules("rules.yaml");
 * } catch (error) {
 *   if (error instanceof RulesError) for (const { file, line, message } of error.problems) console.error(file, line, message);
 * }
 * ```
 */
export class RulesError extends Error {
  override readonly name = "RulesError";
  readonly code = "WEIR_CONFIG";
  /** File by file, in the order in which they were read. */
  readonly problems: readonly RulesProblem[];

  constructor(problems: readonly RulesProblem[]) {
    const inOrder = inOrderOfFiles(problems);
    const shown = inOrder.slice(0, MOST_SHOWN).map(problemText);
    const more = inOrder.length - shown.length;
    super([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"));
    this.problems = inOrder;
  }
}

/**
 * A problem on one line.
 *
 * @example
 * ```ts
 * for (const warning of readRules("rules.yaml").warnings) console.error(problemText(warning)); // rules.yaml:3:22: rules[0].match: …
 * ```
 */
export function problemText({ file, line, column, path, message }: RulesProblem): string {
  return `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`;
}

/** File by file as they come first, in each by line and column. */
export function inOrderOfFiles(problems: readonly RulesProblem[]): RulesProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

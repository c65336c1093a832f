/** A stretch of an expression's text. */
export interface Span {
  /** Index of the first character. */
  readonly start: number;
  /** Index behind the last one. */
  readonly end: number;
}

/** An expression that cannot be read, or that could match nothing. */
export class FilterError extends Error {
  override readonly name = "FilterError";
  readonly code = "WEIR_FILTER";
  /** The whole expression. */
  readonly expression: string;
  /** Where in it the mistake is. */
  readonly span: Span;
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** What to write instead, where that can be told. */
  readonly advice: string | undefined;

  constructor(expression: string, span: Span, what: string, advice?: string) {
    super([what, ...pointed(expression, span), ...(advice === undefined ? [] : [`  ${advice}`])].join("\n"));
    this.expression = expression;
    this.span = span;
    this.what = what;
    this.advice = advice;
  }
}

/** Characters of a long line that are shown before and behind the mistake's place. */
const AROUND = 60;

/** The line of the expression that the mistake is in, and a line that points at it. */
function pointed(expression: string, { start, end }: Span): string[] {
  const newline = expression.indexOf("\n", start);
  const [lineStart, lineEnd] = [
    expression.lastIndexOf("\n", start - 1) + 1,
    newline === -1 ? expression.length : newline,
  ];
  const [from, to] = [Math.max(lineStart, start - AROUND), Math.min(lineEnd, start + AROUND)];
  const [before, behind] = [from > lineStart ? "…" : "", to < lineEnd ? "…" : ""];
  const marks = "^".padEnd(Math.min(end, to) - start, "~");
  // Tabs stay tabs, so that both lines have the same width.
  const indent = (before + expression.slice(from, start)).replace(/[^\t]/g, " ");
  return [`  ${before}${expression.slice(from, to)}${behind}`, `  ${indent}${marks}`];
}

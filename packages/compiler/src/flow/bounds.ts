import type { Expression } from "../tree/expression.ts";
import type { BinaryNode } from "../tree/operation.ts";
import { combine, type Range, union, within } from "../tree/range.ts";

/** What is known of a number. */
export interface Bounds {
  /** What it can be. */
  readonly exact: Range;
  /** What the kernel's verifier takes it for. */
  readonly seen: Range;
}

export const both = (range: Range): Bounds => ({ exact: range, seen: range });

export const unite = (a: Bounds, b: Bounds): Bounds => ({
  exact: union(a.exact, b.exact),
  seen: union(a.seen, b.seen),
});

const intersection = (a: Range, b: Range): Range => ({
  low: a.low > b.low ? a.low : b.low,
  high: a.high < b.high ? a.high : b.high,
});

export const intersect = (a: Bounds, b: Bounds): Bounds => ({
  exact: intersection(a.exact, b.exact),
  seen: intersection(a.seen, b.seen),
});

/** There is no such number: the code is not reached. */
export const isEmpty = ({ exact }: Bounds): boolean => exact.low > exact.high;

const sameRange = (a: Range, b: Range): boolean => a === b || (a.low === b.low && a.high === b.high);

export const sameBounds = (a: Bounds, b: Bounds): boolean =>
  a === b || (sameRange(a.exact, b.exact) && sameRange(a.seen, b.seen));

/** What an operator gives in the node's type. */
export function operate(node: BinaryNode, left: Bounds, right: Bounds): Bounds {
  const exact = within(node, combine(node, left.exact, right.exact));
  // The verifier forgets what is divided.
  const divides = node.operator === "/" || node.operator === "%";
  return { exact, seen: divides ? wholeRange(node) : within(node, combine(node, left.seen, right.seen)) };
}

const nowhere: Range = { low: -1n << 64n, high: 1n << 64n };

export const wholeRange = (node: Expression): Range => within(node, nowhere);

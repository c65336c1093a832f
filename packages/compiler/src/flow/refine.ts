import { type ComparisonOperator, mirrored } from "../syntax/operators.ts";
import type { Expression } from "../tree/expression.ts";
import type { Range } from "../tree/range.ts";
import { type Bounds, both, intersect, isEmpty, wholeRange } from "./bounds.ts";
import { keyOf } from "./key.ts";
import type { State } from "./state.ts";

/** Bounds of an expression, without doing what it does. */
export type Look = (node: Expression, state: State) => Bounds;

const negated: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  "===": "!==",
  "!==": "===",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
};

/** What is known where a comparison holds, or where it does not; undefined where that cannot be. */
export function refine(
  state: State,
  node: Expression & { readonly kind: "compare" },
  [left, right]: readonly [Bounds, Bounds],
  holds: boolean,
  look: Look,
): State | undefined {
  const operator = holds ? node.operator : negated[node.operator];
  const refined = state.copy();
  const leftFits = constrain(node.left, limits(operator, left, right), refined, look);
  const rightFits = constrain(node.right, limits(mirrored(operator), right, left), refined, look);
  return leftFits && rightFits ? refined : undefined;
}

/** What `x` may be where `x operator other` holds. */
function limits(operator: ComparisonOperator, x: Bounds, other: Bounds): Bounds {
  // Verifiers before Linux 6.8 learn nothing from a comparison with what may be several numbers.
  const isSeen = other.seen.low === other.seen.high;
  if (operator === "===") return equalTo(isSeen ? other : { exact: other.exact, seen: x.seen });
  return { exact: limit(operator, x.exact, other.exact), seen: isSeen ? limit(operator, x.seen, other.seen) : x.seen };
}

/** Whether masked bits are 0 is one instruction, from which the verifier learns nothing. */
export const equalTo = ({ exact, seen }: Bounds): Bounds =>
  seen.low === 0n && seen.high === 0n ? { exact, seen: { low: -1n << 64n, high: 1n << 64n } } : { exact, seen };

function limit(operator: Exclude<ComparisonOperator, "===">, { low, high }: Range, other: Range): Range {
  switch (operator) {
    case "!==": {
      if (other.low !== other.high) return { low, high };
      return { low: low === other.low ? low + 1n : low, high: high === other.high ? high - 1n : high };
    }
    case "<":
      return { low, high: other.high - 1n };
    case "<=":
      return { low, high: other.high };
    case ">":
      return { low: other.low + 1n, high };
    case ">=":
      return { low: other.low, high };
  }
}

/** Takes note that an expression lies within bounds. False when it cannot. */
export function constrain(node: Expression, bounds: Bounds, state: State, look: Look): boolean {
  if (node.type.kind !== "integer" && node.type.kind !== "network") return true;
  if (node.kind === "update") return constrainUpdated(node, bounds, state, look);
  if (node.kind === "assign") return constrain(node.target, bounds, state, look);
  const known = intersect(look(node, state), bounds);
  if (isEmpty(known)) return false;
  const key = keyOf(node);
  if (key !== undefined && node.kind !== "literal") state.set(key, known);
  const operand = innerOf(node, look, state);
  return operand === undefined || constrain(operand.node, shift(known, operand.by), state, look);
}

/** `i++ < n` says something of `i` as it is now. */
function constrainUpdated(
  node: Expression & { readonly kind: "update" },
  bounds: Bounds,
  state: State,
  look: Look,
): boolean {
  const { value, operator, target, gives } = node;
  if (value.kind !== "literal" || (operator !== "+" && operator !== "-")) return true;
  const step = operator === "+" ? value.value : -value.value;
  return constrain(target, gives === "after" ? bounds : shift(bounds, step), state, look);
}

const shift = ({ exact, seen }: Bounds, by: bigint): Bounds => ({
  exact: { low: exact.low + by, high: exact.high + by },
  seen: { low: seen.low + by, high: seen.high + by },
});

/** The operand that a value follows from: of a conversion that changes nothing, of a sum with a constant that does not wrap. */
function innerOf(
  node: Expression,
  look: Look,
  state: State,
): { readonly node: Expression; readonly by: bigint } | undefined {
  const whole = wholeRange(node);
  const isInside = ({ low, high }: Range) => low >= whole.low && high <= whole.high;
  if (node.kind === "convert") {
    return isInside(look(node.operand, state).exact) ? { node: node.operand, by: 0n } : undefined;
  }
  if (node.kind !== "binary" || node.right.kind !== "literal") return undefined;
  if (node.operator !== "+" && node.operator !== "-") return undefined;
  const by = node.operator === "+" ? node.right.value : -node.right.value;
  const sum = shift(look(node.left, state), by);
  return isInside(sum.exact) ? { node: node.left, by: -by } : undefined;
}

export const oneValue = (value: bigint): Bounds => equalTo(both({ low: value, high: value }));

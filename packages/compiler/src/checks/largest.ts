import type { CallNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import { statementsIn } from "../tree/nodes.ts";
import { combine, rangeOf } from "../tree/range.ts";
import { isScalar } from "../types/kernel-type.ts";
import { maximum } from "../types/scalar.ts";
import type { Definition } from "./definitions.ts";

/** An upper bound, and the expression that it comes from. */
export interface Largest {
  readonly value: bigint;
  readonly cause: Expression;
}

/**
 * How large a value can become, following variables, parameters and results. What grows in a loop, and what is compared with
 * a bound, is left to the verifier, which follows each turn; so the answer may be too small, never too large.
 *
 * @param counted what a parameter of a callback can be at most, where it counts turns; asked also where it is compared
 */
export function largestOf(
  node: Expression,
  definitions: ReadonlyMap<Local, Definition>,
  counted: (local: Local) => bigint | undefined = () => undefined,
): Largest {
  const visited = new Set<Local>();
  /** Whether the verifier is shown what counts turns: not behind what hides it. */
  let isShown = true;

  const largest = (at: Expression): Largest => {
    switch (at.kind) {
      case "local":
        return ofLocal(at, at.local);
      case "config":
        // Known when the program is loaded.
        return { value: 0n, cause: at };
      case "convert": {
        const inner = largest(at.operand);
        const most = typeMaximum(at);
        return inner.value <= most ? inner : { value: most, cause: inner.cause };
      }
      case "conditional":
        return larger(largest(at.whenTrue), largest(at.whenFalse));
      case "binary": {
        const left = largest(at.left);
        const right = largest(at.right);
        if (at.operator === "-" && isUnknownTurn(right)) return { value: typeMaximum(at), cause: right.cause };
        const range = combine(at, { low: 0n, high: left.value }, { low: rangeOf(at.right).low, high: right.value });
        const value = range.high <= typeMaximum(at) ? range.high : typeMaximum(at);
        return { value, cause: larger(left, right).cause };
      }
      case "call":
        return ofResults(at);
      default:
        return { value: rangeOf(at).high, cause: at };
    }
  };

  /** What it is taken from wraps. */
  const isUnknownTurn = ({ value, cause }: Largest): boolean =>
    cause.kind === "local" && definitions.get(cause.local)?.counts === true && value === typeMaximum(cause);

  const ofLocal = (at: Expression, local: Local): Largest => {
    const definition = definitions.get(local);
    const none = { value: 0n, cause: at };
    if (definition === undefined || visited.has(local)) return none;
    const onlyCounts = definition.counts && definition.values.length === 0;
    const last = onlyCounts && isShown ? counted(local) : undefined;
    if (last !== undefined) return { value: last, cause: at };
    if (definition.compared) return none;
    if (definition.unknown) return { value: typeMaximum(at), cause: at };
    const before = isShown;
    isShown &&= !definition.handedBack;
    visited.add(local);
    const result = definition.values.map(largest).reduce(larger, none);
    visited.delete(local);
    isShown = before;
    return result;
  };

  const ofResults = (call: CallNode): Largest => {
    // The verifier does not know what it gives.
    if (call.function.linkage === "global") return { value: typeMaximum(call), cause: call };
    const results: Largest[] = [];
    for (const statement of statementsIn(call.function.body)) {
      if (statement.kind === "return" && statement.value !== undefined) results.push(largest(statement.value));
    }
    return results.reduce(larger, { value: 0n, cause: call });
  };

  return largest(node);
}

const larger = (a: Largest, b: Largest): Largest => (b.value > a.value ? b : a);

const typeMaximum = ({ type }: Expression): bigint => (isScalar(type) ? maximum(type) : 0n);

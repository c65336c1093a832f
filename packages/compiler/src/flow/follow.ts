import type { ElementNode } from "../tree/access.ts";
import { reachableFunctions } from "../tree/called-functions.ts";
import { capturesOf } from "../tree/captures.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { expressionsIn } from "../tree/nodes.ts";
import type { Range } from "../tree/range.ts";
import { type Bounds, unite } from "./bounds.ts";
import { Flow } from "./flow.ts";

/** What following programs through all their ways says of them. What nothing leads to is in none of it. */
export interface Followed {
  /** Indices that are not constant. */
  readonly indices: ReadonlyMap<ElementNode, Bounds>;
  /** Parameters that count the turns of a `loop`. */
  readonly turns: ReadonlyMap<Local, Bounds>;
}

/** Follows programs, where there is something to be found. */
export function follow(programs: readonly FunctionTree[]): Followed {
  const indices = new Map<ElementNode, Bounds>();
  const turns = new Map<Local, Bounds>();
  for (const program of programs) {
    const globals = [...reachableFunctions(program)].filter(isGlobal);
    for (const tree of [program, ...globals]) {
      // Global functions are followed by themselves, whatever they are given.
      const asking = [...reachableFunctions(tree, (called) => !isGlobal(called))].filter(asksForBounds);
      const alone = asking.map(followAlone);
      if (alone.some((found) => found === undefined)) {
        new Flow({ index: addTo(indices), turn: addTo(turns) }).run(tree);
      } else {
        for (const [node, bounds] of alone.flatMap((found) => [...(found ?? [])])) addTo(indices)(node, bounds);
      }
    }
  }
  return { indices, turns };
}

const isGlobal = ({ linkage }: FunctionTree): boolean => linkage === "global";

/**
 * The indices of a function that are inside their arrays whatever it is called with, so that the ways to it need not be followed: they may be
 * many. Undefined where that matters.
 */
function followAlone(tree: FunctionTree): ReadonlyMap<ElementNode, Bounds> | undefined {
  if (capturesOf(tree).locals.size > 0) return undefined;
  const indices = new Map<ElementNode, Bounds>();
  const turns = new Map<Local, Bounds>();
  new Flow({ index: addTo(indices), turn: addTo(turns) }).run(tree);
  const isInside = turns.size === 0 && [...indices].every(([node, bounds]) => liesInside(node, bounds));
  return isInside ? indices : undefined;
}

function addTo<T>(found: Map<T, Bounds>): (node: T, bounds: Bounds) => void {
  return (node, bounds) => {
    const known = found.get(node);
    found.set(node, known === undefined ? bounds : unite(known, bounds));
  };
}

/** Whether an index is one of its array, and the verifier sees that it is. */
export function liesInside(node: ElementNode, { exact, seen }: Bounds): boolean {
  return isIndex(node, exact) && isIndex(node, seen);
}

/** Whether whatever is in a range is an index of the array. */
export function isIndex({ length }: ElementNode, { low, high }: Range): boolean {
  return low >= 0n && high < BigInt(length);
}

function asksForBounds({ body }: FunctionTree): boolean {
  return expressionsIn(body).some(
    (node) => isComputedIndex(node) || (node.kind === "builtin" && node.builtin.countsTurns === true),
  );
}

export const isComputedIndex = (node: Expression): node is ElementNode =>
  node.kind === "element" && node.index.kind !== "literal";

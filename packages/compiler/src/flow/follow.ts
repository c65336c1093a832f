import type { ElementNode } from "../tree/access.ts";
import { reachableFunctions, walk } from "../tree/children.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
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
      const own = [...reachableFunctions(tree, (called) => !isGlobal(called))];
      if (own.some(asksForBounds)) new Flow({ index: addTo(indices), turn: addTo(turns) }).run(tree);
    }
  }
  return { indices, turns };
}

const isGlobal = ({ linkage }: FunctionTree): boolean => linkage === "global";

function addTo<T>(found: Map<T, Bounds>): (node: T, bounds: Bounds) => void {
  return (node, bounds) => {
    const known = found.get(node);
    found.set(node, known === undefined ? bounds : unite(known, bounds));
  };
}

function asksForBounds({ body }: FunctionTree): boolean {
  let found = false;
  walk(body, {
    expression: (node) => {
      found ||= isComputedIndex(node) || (node.kind === "builtin" && node.builtin.countsTurns === true);
    },
  });
  return found;
}

export const isComputedIndex = (node: Expression): node is ElementNode =>
  node.kind === "element" && node.index.kind !== "literal";

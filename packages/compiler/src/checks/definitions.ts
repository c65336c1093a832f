import { reachableFunctions } from "../tree/called-functions.ts";
import { capturesOf } from "../tree/captures.ts";
import { childExpressions } from "../tree/children.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { expressionsIn, statementsIn } from "../tree/nodes.ts";

/** What is known of a variable, wherever in a program it is. */
export interface Definition {
  /** All that it is given: at its declaration, by assignments, as arguments of calls. */
  readonly values: Expression[];
  /** It is a parameter that the kernel gives a value, or the verifier thinks so: any of its type. */
  unknown: boolean;
  /** It counts the turns of a `loop`. */
  counts: boolean;
  /** A callback gives it to the function around, and what the verifier knew of it is lost on the way. */
  handedBack: boolean;
  /** It is compared with `<` and the like somewhere, so its bounds are the author's care. */
  compared: boolean;
}

/** The variables of a program and of all functions that it calls. */
export function definitionsOf(program: FunctionTree): ReadonlyMap<Local, Definition> {
  const definitions = new Map<Local, Definition>();
  const definition = (local: Local): Definition => {
    let known = definitions.get(local);
    if (known === undefined) {
      known = { values: [], unknown: false, counts: false, handedBack: false, compared: false };
      definitions.set(local, known);
    }
    return known;
  };
  const markCompared = (node: Expression): void => {
    if (node.kind === "local") definition(node.local).compared = true;
    if (node.kind === "local" || node.kind === "binary" || node.kind === "convert") {
      childExpressions(node).forEach(markCompared);
    }
  };
  for (const tree of reachableFunctions(program)) {
    if (tree.linkage === "global") for (const parameter of tree.parameters) definition(parameter).unknown = true;
    for (const node of statementsIn(tree.body)) {
      if (node.kind === "declare" && node.initializer !== undefined)
        definition(node.local).values.push(node.initializer);
    }
    for (const node of expressionsIn(tree.body)) {
      if (node.kind === "compare" && node.operator !== "===" && node.operator !== "!==") {
        markCompared(node.left);
        markCompared(node.right);
      }
      if ((node.kind === "assign" || node.kind === "update") && node.target.kind === "local") {
        definition(node.target.local).values.push(node.value);
      }
      if (node.kind === "builtin" && node.callback !== undefined) {
        for (const parameter of node.callback.parameters) {
          definition(parameter).unknown = true;
          definition(parameter).counts = node.builtin.countsTurns === true;
        }
        for (const local of capturesOf(node.callback).assignments.keys()) definition(local).handedBack = true;
      }
      if (node.kind !== "call") continue;
      for (const [index, parameter] of node.function.parameters.entries()) {
        const value = node.arguments[index];
        if (value !== undefined) definition(parameter).values.push(value);
      }
    }
  }
  return definitions;
}

import { Mistake } from "../diagnostics/mistake.ts";
import { isComputedIndex } from "../flow/follow.ts";
import type { CallNode } from "../tree/call.ts";
import { reachableFunctions } from "../tree/called-functions.ts";
import type { Expression } from "../tree/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { expressionsIn } from "../tree/nodes.ts";
import { contextTypes, isContext } from "../types/kernel-type.ts";
import type { GivenContext } from "./function-lowering.ts";

/** What the kernel's calls have registers for. */
const MOST_ARGUMENTS = 5;

/** A function of its own as one of its calls needs it. */
export interface CalledForm {
  /** What is called; another call may need other code of it. */
  readonly of: FunctionTree;
  /** It may have one parameter more. */
  readonly parameters: readonly Local[];
  /** The parameters that are records in the packet, where that makes a difference. */
  readonly inPacket: ReadonlySet<Local>;
  /** The parameters that are records on the caller's stack, with what their addresses are multiples of, where that makes a difference. */
  readonly onStack: ReadonlyMap<Local, number>;
  /** The last parameter is what the program is given. */
  readonly takesContext: boolean;
}

/** Where a record is that is given to a function. */
export interface ArgumentPlace {
  readonly inPacket: boolean;
  /** Of one on the stack: {@link MemoryPlace.alignment}. */
  readonly alignment: number | undefined;
}

/**
 * The form of a function that is given some records in the packet, or on the stack. Where it computes places in them it has to compare those with the packet's end,
 * so it needs what the program is given. Elsewhere in memory there is nothing to compare: such calls need another form.
 */
export function calledForm(
  { function: tree, span }: CallNode,
  places: readonly ArgumentPlace[],
  given: GivenContext | undefined,
): CalledForm {
  const { parameters } = tree;
  const records = new Set(parameters.filter((_, index) => places[index]?.inPacket));
  const onStack = new Map(
    parameters.flatMap((parameter, index) => {
      const alignment = places[index]?.alignment;
      return alignment === undefined ? [] : [[parameter, alignment] as const];
    }),
  );
  // The verifier looks at a global function for itself: its records are memory of a known size.
  const isGlobal = tree.linkage === "global";
  const known = {
    of: tree,
    // Atomic changes of the stack are other code.
    onStack: isGlobal || onStack.size === 0 || !changesAtomically(tree) ? new Map<Local, number>() : onStack,
  };
  if (isGlobal || records.size === 0 || !computesPlaces(tree)) {
    return { ...known, parameters, inPacket: new Set(), takesContext: false };
  }
  if (given?.kind === undefined || parameters.some(({ type }) => isContext(type))) {
    return { ...known, parameters, inPacket: records, takesContext: false };
  }
  if (parameters.length === MOST_ARGUMENTS) throw new Mistake("WEIR1505", span, tree.name);
  const context: Local = Object.freeze({
    name: "context",
    type: contextTypes[given.kind],
    mutable: false,
    fresh: false,
    span: tree.span,
  });
  return { ...known, parameters: [...parameters, context], inPacket: records, takesContext: true };
}

/** Whether a function or what it calls changes memory atomically. */
const changesAtomically = (start: FunctionTree): boolean =>
  hasExpression(start, (node) => node.kind === "builtin" && node.builtin.atomic === true);

/** Whether a function or what it calls reaches a place in memory that is not known before it runs. */
const computesPlaces = (start: FunctionTree): boolean =>
  hasExpression(start, (node) => {
    const isView = node.kind === "builtin" && node.builtin.name === "view";
    const offset = isView ? node.arguments[1] : undefined;
    return isComputedIndex(node) || (offset !== undefined && offset.kind !== "literal");
  });

function hasExpression(start: FunctionTree, isMeant: (node: Expression) => boolean): boolean {
  return [...reachableFunctions(start)].some(({ body }) => expressionsIn(body).some(isMeant));
}

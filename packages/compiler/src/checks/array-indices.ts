import type { Reporter } from "../diagnostics/reporter.ts";
import { type Followed, isComputedIndex, isIndex, liesInside } from "../flow/follow.ts";
import type { ElementNode } from "../tree/access.ts";
import { reachableFunctions } from "../tree/called-functions.ts";
import type { FunctionTree } from "../tree/function.ts";
import { expressionsIn } from "../tree/nodes.ts";

/**
 * Refuses indices that may lie outside their array, and says what they may be.
 *
 * @returns those that are inside in a way that the verifier does not see, such as by `%`: it has to be shown
 */
export function checkArrayIndices(
  programs: readonly FunctionTree[],
  { indices }: Followed,
  reporter: Reporter,
): ReadonlySet<ElementNode> {
  const unseen = new Set<ElementNode>();
  // Where nothing leads, the verifier may see a way all the same.
  for (const node of programs.flatMap(indexedElements)) if (!indices.has(node)) unseen.add(node);
  for (const [node, bounds] of indices) {
    if (liesInside(node, bounds)) continue;
    const { low, high } = bounds.exact;
    if (isIndex(node, bounds.exact)) unseen.add(node);
    else reporter.report("WEIR1316", node.index.span, low, high, node.length, remedy(node.length));
  }
  return unseen;
}

/** A mask only where it changes no index that is inside. */
const remedy = (length: number): string =>
  (length & (length - 1)) === 0
    ? `mask it with \`& ${length - 1}\` or compare it first`
    : "compare it with the length first";

function indexedElements(program: FunctionTree): readonly ElementNode[] {
  return [...reachableFunctions(program)].flatMap(({ body }) => expressionsIn(body).filter(isComputedIndex));
}

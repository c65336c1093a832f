import type { Reporter } from "../diagnostics/reporter.ts";
import { type Bounds, unite } from "../flow/bounds.ts";
import { Flow } from "../flow/flow.ts";
import type { ElementNode } from "../tree/access.ts";
import { reachableFunctions, walk } from "../tree/children.ts";
import type { FunctionTree } from "../tree/function.ts";

/**
 * Refuses indices that may lie outside their array, and says what they may be.
 *
 * @returns those that are inside in a way that the verifier does not see, such as by `%`: it has to be shown
 */
export function checkArrayIndices(programs: readonly FunctionTree[], reporter: Reporter): ReadonlySet<ElementNode> {
  const bounds = new Map<ElementNode, Bounds>();
  const found = (node: ElementNode, index: Bounds) => {
    const known = bounds.get(node);
    bounds.set(node, known === undefined ? index : unite(known, index));
  };
  const unseen = new Set<ElementNode>();
  for (const program of programs) {
    const functions = [...reachableFunctions(program)];
    const indexed = functions.flatMap(indexedElements);
    if (indexed.length === 0) continue;
    const globals = functions.filter(({ linkage }) => linkage === "global");
    for (const tree of [program, ...globals]) new Flow(found).run(tree);
    // Where nothing leads, the verifier may see a way all the same.
    for (const node of indexed) if (!bounds.has(node)) unseen.add(node);
  }
  for (const [node, { exact, seen }] of bounds) {
    const last = BigInt(node.length) - 1n;
    if (exact.low < 0n || exact.high > last) {
      reporter.report("WEIR1316", node.index.span, exact.low, exact.high, node.length, remedy(node.length));
    } else if (seen.low < 0n || seen.high > last) unseen.add(node);
  }
  return unseen;
}

/** A mask only where it changes no index that is inside. */
const remedy = (length: number): string =>
  (length & (length - 1)) === 0
    ? `mask it with \`& ${length - 1}\` or compare it first`
    : "compare it with the length first";

function indexedElements({ body }: FunctionTree): readonly ElementNode[] {
  const found: ElementNode[] = [];
  walk(body, {
    expression: (node) => {
      if (node.kind === "element" && node.index.kind !== "literal") found.push(node);
    },
  });
  return found;
}

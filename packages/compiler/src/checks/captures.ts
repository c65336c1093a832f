import type { Reporter } from "../diagnostics/reporter.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { reachableFunctions } from "../tree/called-functions.ts";
import { type Captures, capturesOf } from "../tree/captures.ts";
import type { FunctionTree } from "../tree/function.ts";
import { expressionsIn } from "../tree/nodes.ts";
import { isScalar } from "../types/kernel-type.ts";

/** Refuses what callbacks cannot do with variables of the function around. */
export function checkCaptures(program: FunctionTree, reporter: Reporter): void {
  for (const tree of reachableFunctions(program)) {
    for (const node of expressionsIn(tree.body)) if (node.kind === "builtin") checkLater(node, reporter);
    if (tree.linkage !== "callback") continue;
    const captures = capturesOf(tree);
    checkAssignments(captures, reporter);
    checkReleases(tree, captures, reporter);
  }
}

function checkLater({ builtin, callback }: BuiltinNode, reporter: Reporter): void {
  if (!builtin.callsLater || callback === undefined) return;
  for (const [{ name }, span] of capturesOf(callback).locals) reporter.report("WEIR1413", span, name);
}

/**
 * Verifiers before Linux 6.7 look at one call alone, and take the record that a variable stands for after it for the one that it stands
 * for after all of them.
 */
function checkAssignments({ assignments }: Captures, reporter: Reporter): void {
  for (const [{ name, type }, place] of assignments) {
    if (!isScalar(type) && type.kind !== "boolean") reporter.report("WEIR1410", place.span, name);
  }
}

function checkReleases(callback: FunctionTree, { locals }: Captures, reporter: Reporter): void {
  for (const { body } of reachableFunctions(callback)) {
    for (const node of expressionsIn(body)) {
      if (node.kind !== "builtin" || !node.builtin.releases) continue;
      const [given] = node.arguments;
      if (given?.kind === "local" && locals.has(given.local)) reporter.report("WEIR1412", given.span, given.local.name);
    }
  }
}

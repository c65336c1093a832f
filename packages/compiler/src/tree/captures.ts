import type { Span } from "../source-file.ts";
import type { Place } from "./access.ts";
import type { FunctionTree } from "./function.ts";
import type { Local } from "./local.ts";
import { expressionsIn } from "./nodes.ts";
import { ownLocals } from "./own-locals.ts";

/** What a function that the kernel calls back shares with the function around it. */
export interface Captures {
  /** Variables of the function around, and where they are used. */
  readonly locals: ReadonlyMap<Local, Span>;
  /** Assignments to them. */
  readonly assignments: ReadonlyMap<Local, Place>;
  /** It, or something that it calls, is given what the program is. */
  readonly context: boolean;
  /** It, or something that it calls, writes what an iterator gives, if it is in one. */
  readonly text: boolean;
}

const known = new WeakMap<FunctionTree, Captures>();

/** What a callback, with what becomes part of it and with the callbacks in it, has from outside. */
export function capturesOf(callback: FunctionTree): Captures {
  const found = known.get(callback) ?? findCaptures(callback);
  known.set(callback, found);
  return found;
}

function findCaptures(callback: FunctionTree): Captures {
  const used = new Map<Local, Span>();
  const own = new Set<Local>();
  const assignments = new Map<Local, Place>();
  let [context, text] = [false, false];
  const trees = new Set<FunctionTree>([callback]);
  // A set is gone through with what is added meanwhile.
  for (const tree of trees) {
    for (const local of ownLocals(tree)) own.add(local);
    for (const node of expressionsIn(tree.body)) {
      if (node.kind === "local") used.set(node.local, node.span);
      if ((node.kind === "assign" || node.kind === "update") && node.target.kind === "local") {
        assignments.set(node.target.local, node.target);
      }
      if (node.kind === "call" && node.function.linkage === "inline") trees.add(node.function);
      if (node.kind !== "builtin") continue;
      if (node.callback !== undefined) trees.add(node.callback);
      context ||= node.builtin.takesContext === true;
      text ||= node.builtin.writesText === true;
    }
  }
  const isOuter = (local: Local) => !own.has(local);
  return {
    locals: new Map([...used].filter(([local]) => isOuter(local))),
    assignments: new Map([...assignments].filter(([local]) => isOuter(local))),
    context,
    text,
  };
}

import type { Expression } from "./expression.ts";
import type { FunctionTree } from "./function.ts";
import type { Statement } from "./statement.ts";

/** The expressions directly in an expression, in the order of their evaluation. */
export function childExpressions(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case "literal":
    case "null":
    case "config":
    case "local":
    case "global":
      return [];
    case "optional":
      return [node.record, node.whenFound, node.otherwise];
    case "member":
      return [node.record];
    case "kernel-field":
      return [node.object];
    case "element":
      return [node.array, node.index];
    case "convert":
    case "null-test":
    case "not":
      return [node.operand];
    case "binary":
    case "compare":
    case "logical":
      return [node.left, node.right];
    case "conditional":
      return [node.condition, node.whenTrue, node.whenFalse];
    case "assign":
    case "update":
      return [node.target, node.value];
    case "call":
      return node.arguments;
    case "builtin":
      return node.found === undefined ? node.arguments : [node.found, ...node.arguments];
    case "record":
      return node.fields.map(({ value }) => value);
    case "list":
      return node.elements;
  }
}

/** Calls `visit` for every statement and expression of a function, not of those that it calls. */
export function walk(
  body: Statement,
  visit: { readonly statement?: (node: Statement) => void; readonly expression?: (node: Expression) => void },
): void {
  const expression = (node: Expression | undefined): void => {
    if (node === undefined) return;
    visit.expression?.(node);
    for (const child of childExpressions(node)) expression(child);
  };
  const statement = (node: Statement | undefined): void => {
    if (node === undefined) return;
    visit.statement?.(node);
    switch (node.kind) {
      case "block":
        node.body.forEach(statement);
        return;
      case "declare":
        expression(node.initializer);
        return;
      case "expression":
        expression(node.expression);
        return;
      case "if":
        expression(node.condition);
        statement(node.whenTrue);
        statement(node.whenFalse);
        return;
      case "loop":
        expression(node.condition);
        statement(node.body);
        expression(node.update);
        return;
      case "turns":
        node.turns.forEach(statement);
        return;
      case "switch":
        expression(node.subject);
        for (const clause of node.clauses) clause.body.forEach(statement);
        return;
      case "return":
        expression(node.value);
        return;
    }
  };
  statement(body);
}

/**
 * A function and all that it calls or has called back, each once.
 *
 * @param enters whether a function that is called belongs to them, with what it calls
 */
export function reachableFunctions(
  start: FunctionTree,
  enters: (tree: FunctionTree) => boolean = () => true,
): ReadonlySet<FunctionTree> {
  const found = new Set<FunctionTree>();
  const add = (tree: FunctionTree): void => {
    if (found.has(tree) || (tree !== start && !enters(tree))) return;
    found.add(tree);
    walk(tree.body, {
      expression: (node) => {
        if (node.kind === "call") add(node.function);
        if (node.kind === "builtin" && node.callback !== undefined) add(node.callback);
      },
    });
  };
  add(start);
  return found;
}

import { childExpressions } from "./children.ts";
import type { Expression } from "./expression.ts";
import type { Statement } from "./statement.ts";

/** In the order in which they stand. */
interface Nodes {
  readonly statements: Statement[];
  readonly expressions: Expression[];
}

// A dozen checks ask for the nodes of each function, and trees do not change.
const known = new WeakMap<Statement, Nodes>();

/** A statement and those inside it. */
export const statementsIn = (statement: Statement): readonly Statement[] => nodesIn(statement).statements;

/** The expressions in a statement, and those inside them; not those of functions that are called. */
export const expressionsIn = (statement: Statement): readonly Expression[] => nodesIn(statement).expressions;

function nodesIn(statement: Statement): Nodes {
  let nodes = known.get(statement);
  if (nodes === undefined) {
    nodes = { statements: [], expressions: [] };
    addStatement(statement, nodes);
    known.set(statement, nodes);
  }
  return nodes;
}

function addExpression(node: Expression | undefined, nodes: Nodes): void {
  if (node === undefined) return;
  nodes.expressions.push(node);
  for (const child of childExpressions(node)) addExpression(child, nodes);
}

function addStatement(node: Statement | undefined, nodes: Nodes): void {
  if (node === undefined) return;
  nodes.statements.push(node);
  switch (node.kind) {
    case "block":
      for (const each of node.body) addStatement(each, nodes);
      return;
    case "declare":
      addExpression(node.initializer, nodes);
      return;
    case "expression":
      addExpression(node.expression, nodes);
      return;
    case "if":
      addExpression(node.condition, nodes);
      addStatement(node.whenTrue, nodes);
      addStatement(node.whenFalse, nodes);
      return;
    case "loop":
      addExpression(node.condition, nodes);
      addStatement(node.body, nodes);
      addExpression(node.update, nodes);
      return;
    case "turns":
      for (const turn of node.turns) addStatement(turn, nodes);
      return;
    case "switch":
      addExpression(node.subject, nodes);
      for (const { body } of node.clauses) for (const each of body) addStatement(each, nodes);
      return;
    case "return":
      addExpression(node.value, nodes);
      return;
  }
}

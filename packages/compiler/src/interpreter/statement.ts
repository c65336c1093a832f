import type { FunctionTree } from "../tree/function.ts";
import type { JumpTarget, LoopNode, Statement, SwitchNode, TurnsNode } from "../tree/statement.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { Interpreter } from "./interpreter.ts";
import type { RuntimeValue } from "./runtime-value.ts";

/** How a statement ended, when not by going on to the next. */
type Ending =
  | { readonly kind: "return"; readonly value: RuntimeValue }
  | { readonly kind: "break" | "continue"; readonly target: JumpTarget };

export function interpretBody(tree: FunctionTree, interpreter: Interpreter): RuntimeValue {
  const ending = interpret(tree.body, interpreter);
  return ending?.kind === "return" ? ending.value : undefined;
}

function interpret(node: Statement, interpreter: Interpreter): Ending | undefined {
  interpreter.step();
  switch (node.kind) {
    case "block":
      return interpretAll(node.body, interpreter);
    case "declare": {
      const { type } = node.local;
      const initial = isScalar(type) || type.kind === "boolean" ? 0n : null;
      interpreter.write(node.local, node.initializer === undefined ? initial : interpreter.evaluate(node.initializer));
      return undefined;
    }
    case "expression":
      interpreter.evaluate(node.expression);
      return undefined;
    case "if":
      if (interpreter.condition(node.condition)) return interpret(node.whenTrue, interpreter);
      return node.whenFalse && interpret(node.whenFalse, interpreter);
    case "loop":
      return interpretLoop(node, interpreter);
    case "turns":
      return interpretTurns(node, interpreter);
    case "switch":
      return interpretSwitch(node, interpreter);
    case "return":
      return { kind: "return", value: node.value && interpreter.evaluate(node.value) };
    case "break":
    case "continue":
      return { kind: node.kind, target: node.target };
  }
}

function interpretAll(body: readonly Statement[], interpreter: Interpreter): Ending | undefined {
  for (const statement of body) {
    const ending = interpret(statement, interpreter);
    if (ending !== undefined) return ending;
  }
  return undefined;
}

function interpretLoop(node: LoopNode, interpreter: Interpreter): Ending | undefined {
  const goesOn = () => node.condition === undefined || interpreter.condition(node.condition);
  if (!node.bodyFirst && !goesOn()) return undefined;
  do {
    const ending = interpret(node.body, interpreter);
    if (ending !== undefined) {
      if (ending.kind === "return" || ending.target !== node.target) return ending;
      if (ending.kind === "break") return undefined;
    }
    if (node.update !== undefined) interpreter.evaluate(node.update);
  } while (goesOn());
  return undefined;
}

function interpretTurns({ target, turns }: TurnsNode, interpreter: Interpreter): Ending | undefined {
  for (const turn of turns) {
    const ending = interpret(turn, interpreter);
    if (ending === undefined) continue;
    if (ending.kind === "return" || ending.target !== target) return ending;
    if (ending.kind === "break") return undefined;
  }
  return undefined;
}

function interpretSwitch(node: SwitchNode, interpreter: Interpreter): Ending | undefined {
  const subject = interpreter.integer(node.subject);
  const matching = node.clauses.findIndex(({ test }) => test === subject);
  const start = matching >= 0 ? matching : node.clauses.findIndex(({ test }) => test === undefined);
  if (start < 0) return undefined;
  for (const clause of node.clauses.slice(start)) {
    const ending = interpretAll(clause.body, interpreter);
    if (ending === undefined) continue;
    return ending.kind === "break" && ending.target === node.target ? undefined : ending;
  }
  return undefined;
}

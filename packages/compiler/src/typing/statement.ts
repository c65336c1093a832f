import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import { isFresh } from "../tree/fresh.ts";
import type { BlockNode, Statement } from "../tree/statement.ts";
import { typeDeclarations } from "./declaration.ts";
import { typeSwitch } from "./switch.ts";
import type { Typing } from "./typing.ts";

export function typeBody(syntax: FunctionSyntax, typing: Typing): BlockNode {
  return Object.freeze({ kind: "block", body: typeStatements(syntax.body, typing), span: syntax.span });
}

/** Statements one by one: a mistake in one does not hide those in the others. */
export function typeStatements(list: readonly StatementSyntax[], typing: Typing): readonly Statement[] {
  return list.flatMap((syntax) => typing.reporter.attempt(() => typeStatement(syntax, typing)) ?? []);
}

function typeStatement(syntax: StatementSyntax, typing: Typing): readonly Statement[] {
  const { span } = syntax;
  switch (syntax.kind) {
    case "block":
      return [Object.freeze({ kind: "block", body: typeStatements(syntax.body, typing), span })];
    case "variables":
      return typeDeclarations(syntax.declarations, typing);
    case "expression":
      return [typeExpressionStatement(syntax, typing)];
    case "if":
      return [typeIf(syntax, typing)];
    case "loop":
      return typeLoop(syntax, typing);
    case "switch":
      return [typeSwitch(syntax, typing)];
    case "labelled":
      if (syntax.body.kind !== "loop") throw new Mistake("WEIR1004", span);
      return typeLoop(syntax.body, typing, syntax.label);
    case "break":
    case "continue": {
      const target = typing.jumps.find(syntax.kind, syntax.label, span);
      return [Object.freeze({ kind: syntax.kind, target, span })];
    }
    case "return":
      return [typeReturn(syntax, typing)];
    case "function":
      throw new Mistake("WEIR1402", span);
    case "unsupported":
      throw new Mistake("WEIR1001", span, syntax.what);
    case "empty":
      return [];
  }
}

/** A statement that is one node: what it needs besides stands in a block around it. */
function single(syntax: StatementSyntax, typing: Typing): Statement {
  const body = typeStatements([syntax], typing);
  const [only, second] = body;
  return only !== undefined && second === undefined ? only : Object.freeze({ kind: "block", body, span: syntax.span });
}

function typeExpressionStatement(
  { expression, span }: StatementSyntax & { kind: "expression" },
  typing: Typing,
): Statement {
  const node = typing.expression(expression);
  const hasEffect = ["assign", "update", "call", "builtin"].includes(node.kind);
  if (!hasEffect) throw new Mistake("WEIR1005", span);
  return Object.freeze({ kind: "expression", expression: node, span });
}

function typeIf(syntax: StatementSyntax & { kind: "if" }, typing: Typing): Statement {
  // A mistake in the condition does not hide those behind it.
  const condition = typing.reporter.attempt(() => typing.condition(syntax.condition));
  const whenTrue = single(syntax.whenTrue, typing);
  const whenFalse = syntax.whenFalse && single(syntax.whenFalse, typing);
  if (condition === undefined) throw new Mistake(undefined, syntax.span);
  return Object.freeze({ kind: "if", condition, whenTrue, whenFalse, span: syntax.span });
}

function typeLoop(syntax: StatementSyntax & { kind: "loop" }, typing: Typing, label?: string): readonly Statement[] {
  const initializer = syntax.initializer === undefined ? [] : typeStatement(syntax.initializer, typing);
  if (label !== undefined) typing.jumps.label(label);
  const loop = typing.jumps.within(true, (target): Statement => {
    const condition = syntax.condition && typing.condition(syntax.condition);
    const body = single(syntax.body, typing);
    const update = syntax.update && typing.expression(syntax.update);
    const { bodyFirst, span } = syntax;
    return Object.freeze({ kind: "loop", target, condition, bodyFirst, update, body, span });
  });
  if (initializer.length === 0) return [loop];
  return [Object.freeze({ kind: "block", body: [...initializer, loop], span: syntax.span })];
}

function typeReturn({ value, span }: StatementSyntax & { kind: "return" }, typing: Typing): Statement {
  const { returnType } = typing;
  if (value === undefined) return Object.freeze({ kind: "return", value: undefined, span });
  if (returnType.kind === "void") {
    throw new Mistake("WEIR1108", value.span, "nothing to be returned", "a value");
  }
  const node = typing.value(value, returnType);
  if (isFresh(node)) typing.returnsFresh = true;
  return Object.freeze({ kind: "return", value: node, span });
}

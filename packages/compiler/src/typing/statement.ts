import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionDeclaration } from "../syntax/declaration.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import { isFresh } from "../tree/fresh.ts";
import type { BlockNode, Statement } from "../tree/statement.ts";
import { voidType } from "../types/kernel-type.ts";
import { coerce } from "./coerce.ts";
import { typeDeclarations } from "./declaration.ts";
import { typeForOf } from "./for-of.ts";
import { typeSwitch } from "./switch.ts";
import type { Typing } from "./typing.ts";
import { unsupportedMistake } from "./unsupported.ts";

export function typeBody(syntax: FunctionSyntax, typing: Typing): BlockNode {
  return Object.freeze({ kind: "block", body: typeStatements(syntax.body, typing), span: syntax.span });
}

/** Statements one by one: a mistake in one does not hide those in the others. */
export function typeStatements(list: readonly StatementSyntax[], typing: Typing): readonly Statement[] {
  for (const syntax of list) {
    // It may be called before its declaration.
    if (syntax.kind === "function") bindFunction(syntax.declaration, typing);
  }
  return list.flatMap((syntax) => {
    const statements = typing.reporter.attempt(() => typeStatement(syntax, typing));
    if (statements === undefined) typing.failed = true;
    return statements ?? [];
  });
}

/** A function within a function: part of whatever calls it, with the variables around. */
function bindFunction(declaration: FunctionDeclaration, typing: Typing): void {
  const { name, span, function: syntax } = declaration;
  const { constants } = typing;
  constants.bind(declaration, { kind: "function", name, function: syntax, linkage: "inline", scope: constants, span });
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
    case "for-of":
      return [typeForOf(syntax, typing)];
    case "labelled":
      if (syntax.body.kind === "for-of") {
        typing.jumps.label(syntax.label);
        return [typeForOf(syntax.body, typing)];
      }
      if (syntax.body.kind !== "loop") throw new Mistake("WEIR1004", span);
      return typeLoop(syntax.body, typing, syntax.label);
    case "break":
    case "continue": {
      const target = typing.jumps.find(syntax.kind, syntax.label, span);
      return [Object.freeze({ kind: syntax.kind, target, span })];
    }
    case "return":
      return [typeReturn(syntax, typing)];
    case "unsupported":
      throw unsupportedMistake(syntax);
    case "function":
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
  if (value === undefined) {
    typing.returnType ??= voidType;
    return Object.freeze({ kind: "return", value: undefined, span });
  }
  const node = typing.expression(value, typing.returnType);
  // The first `return` of a function that does not say what it returns.
  typing.returnType ??= node.type;
  const { returnType } = typing;
  if (returnType.kind === "void") {
    // An arrow function of one expression that is called for its effect.
    if (node.type.kind === "void") return Object.freeze({ kind: "expression", expression: node, span });
    throw new Mistake("WEIR1108", value.span, "nothing to be returned", "a value");
  }
  if (isFresh(node)) typing.returnsFresh = true;
  return Object.freeze({ kind: "return", value: coerce(node, returnType, typing.layoutNames), span });
}

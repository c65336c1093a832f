import ts from "typescript";
import type { VariableDeclaration } from "../syntax/declaration.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import { type AccessNode, readAccess, readExpression } from "./read-expression.ts";
import type { Reader } from "./reader.ts";
import { unsupportedText } from "./unsupported.ts";

/** `object?.a.b`: the last `?.` of the chain, with what stands behind it; those before it are in its object. */
export function readOptionalChain(node: ts.OptionalChain, reader: Reader): ExpressionSyntax {
  const span = reader.span(node);
  const behind: AccessNode[] = [];
  for (let at: ts.Expression = node; isAccess(at); at = at.expression) {
    behind.unshift(at);
    if (at.questionDotToken === undefined) continue;
    if (ts.isCallExpression(at)) break;
    const object = readExpression(at.expression, reader);
    const found: VariableDeclaration = {
      kind: "variable",
      name: "",
      constant: true,
      topLevel: false,
      type: undefined,
      initializer: undefined,
      span: object.span,
    };
    const name: ExpressionSyntax = { kind: "name", name: "", declaration: found, mayBeNull: false, span: object.span };
    const value = behind.reduce<ExpressionSyntax>((inner, access) => readAccess(access, inner, reader), name);
    return { kind: "optional", object, found, value, span };
  }
  return { kind: "unsupported", ...unsupportedText("a call with `?.`", "functions are always there"), span };
}

const isAccess = (node: ts.Expression): node is AccessNode =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node);

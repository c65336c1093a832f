import ts from "typescript";
import type { ParameterDeclaration, TypeParameterDeclaration } from "../syntax/declaration.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import { lazy } from "./lazy.ts";
import { readPattern } from "./read-pattern.ts";
import { readType } from "./read-type.ts";
import type { Reader } from "./reader.ts";
import { type UnsupportedConstruct, unsupportedText } from "./unsupported.ts";

const AT_ONCE = "kernel programs run from start to end at once";
const GIVE_ALL = "give the argument in every call, or write a second function that gives it";

const ONE_HEAD =
  "give it one; in the place of several signatures write several functions, or one with a type parameter";

export type FunctionNode = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

export function readFunction(node: FunctionNode, reader: Reader): FunctionSyntax {
  const parameters: ParameterDeclaration[] = [];
  const typeParameters: TypeParameterDeclaration[] = [];
  for (const parameter of node.parameters) {
    const declaration = reader.declaration(parameter);
    if (declaration?.kind === "parameter") parameters.push(declaration);
  }
  for (const parameter of node.typeParameters ?? []) {
    const declaration = reader.declaration(parameter);
    if (declaration?.kind === "type-parameter") typeParameters.push(declaration);
  }
  const body = lazy(() => readBody(node, reader));
  return {
    typeParameters,
    parameters,
    returnType: node.type && readType(node.type, reader),
    get body() {
      return body();
    },
    span: reader.span(node),
  };
}

function readBody(node: FunctionNode, reader: Reader): readonly StatementSyntax[] {
  const { body } = node;
  const [unsupported] = unsupportedInHead(node);
  if (unsupported !== undefined || body === undefined) {
    return unsupported === undefined
      ? []
      : [{ kind: "unsupported", ...unsupported.is, span: reader.span(unsupported.node) }];
  }
  const parts = node.parameters.flatMap((parameter) => readParts(parameter, reader));
  if (ts.isBlock(body)) return [...parts, ...body.statements.map((statement) => reader.statement(statement))];
  return [...parts, { kind: "return", value: reader.expression(body), span: reader.span(body) }];
}

/** What a parameter that is a pattern takes out of its argument. */
function readParts({ name }: ts.ParameterDeclaration, reader: Reader): readonly StatementSyntax[] {
  if (ts.isIdentifier(name)) return [];
  const span = reader.span(name);
  const declarations = readPattern(name, reader);
  if ("what" in declarations) return [{ kind: "unsupported", ...declarations }];
  return [{ kind: "variables", declarations, span }];
}

/** What a function's head has that functions of kernel programs do not. */
export function unsupportedInHead(node: FunctionNode): readonly UnsupportedConstruct[] {
  if (node.body === undefined) return [{ is: unsupportedText("a function without a body", ONE_HEAD), node }];
  const modifiers = (node.modifiers ?? []).flatMap((modifier) =>
    modifier.kind === ts.SyntaxKind.AsyncKeyword ? { is: unsupportedText("`async`", AT_ONCE), node: modifier } : [],
  );
  const generator = node.asteriskToken
    ? [{ is: unsupportedText("a generator", AT_ONCE), node: node.asteriskToken }]
    : [];
  const parameters = node.parameters.flatMap((parameter) => {
    if (parameter.initializer) return { is: unsupportedText("a default value", GIVE_ALL), node: parameter.initializer };
    if (parameter.questionToken)
      return { is: unsupportedText("a parameter that may be left out", GIVE_ALL), node: parameter };
    return parameter.dotDotDotToken
      ? { is: unsupportedText("a rest parameter", "write one parameter for each"), node: parameter }
      : [];
  });
  return [...modifiers, ...generator, ...parameters];
}

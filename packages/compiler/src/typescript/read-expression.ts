import ts from "typescript";
import type { Span } from "../source-file.ts";
import type { Declaration } from "../syntax/declaration.ts";
import type { ExpressionSyntax, NameSyntax, ObjectSyntax } from "../syntax/expression.ts";
import { assignmentOperator, binaryOperator, unaryOperator } from "../syntax/operators.ts";
import { lazy } from "./lazy.ts";
import { readType } from "./read-type.ts";
import type { Reader } from "./reader.ts";
import { unsupported, unsupportedText } from "./unsupported.ts";

export function readExpression(node: ts.Expression, reader: Reader): ExpressionSyntax {
  const span = reader.span(node);
  const read = (inner: ts.Expression) => readExpression(inner, reader);
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) return read(node.expression);
  if (ts.isNumericLiteral(node)) return { kind: "number", text: node.getText(), value: Number(node.text), span };
  if (ts.isBigIntLiteral(node)) return { kind: "bigint", value: BigInt(node.text.slice(0, -1)), span };
  if (ts.isStringLiteralLike(node)) return { kind: "string", value: node.text, span };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: "boolean", value: true, span };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "boolean", value: false, span };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: "null", span };
  if (ts.isIdentifier(node)) return readName(node, span, reader);
  if (ts.isOptionalChain(node)) return reader.optionalChain(node);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) {
    return readAccess(node, read(node.expression), reader);
  }
  if (ts.isBinaryExpression(node)) return readBinary(node, span, reader);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return readUnary(node, span, reader);
  if (ts.isConditionalExpression(node)) {
    const [condition, whenTrue, whenFalse] = [read(node.condition), read(node.whenTrue), read(node.whenFalse)];
    return { kind: "conditional", condition, whenTrue, whenFalse, span };
  }
  if (ts.isAsExpression(node)) {
    return { kind: "cast", operand: read(node.expression), type: readType(node.type, reader), span };
  }
  if (ts.isNonNullExpression(node)) return { kind: "non-null", operand: read(node.expression), span };
  if (ts.isObjectLiteralExpression(node)) return readObject(node, span, reader);
  if (ts.isArrayLiteralExpression(node)) return { kind: "list", elements: node.elements.map(read), span };
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
    return { kind: "function", function: reader.function(node), span };
  }
  return { kind: "unsupported", ...unsupported(node), span };
}

export type AccessNode = ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression;

/** `object.field`, `object[index]` or `object(…)`, of an object that was read already. */
export function readAccess(node: AccessNode, object: ExpressionSyntax, reader: Reader): ExpressionSyntax {
  const span = reader.span(node);
  if (ts.isPropertyAccessExpression(node)) {
    return { kind: "property", object, name: node.name.text, nameSpan: reader.span(node.name), span };
  }
  if (ts.isElementAccessExpression(node)) {
    return { kind: "element", object, index: readExpression(node.argumentExpression, reader), span };
  }
  return {
    kind: "call",
    callee: object,
    typeArguments: (node.typeArguments ?? []).map((argument) => readType(argument, reader)),
    arguments: node.arguments.map((argument) => readExpression(argument, reader)),
    span,
  };
}

function readName(node: ts.Identifier, span: Span, reader: Reader): NameSyntax {
  const resolve = lazy(() => nameDeclaration(node, reader));
  const mayBeNull = lazy(() => reader.mayBeNull(node));
  return {
    kind: "name",
    name: node.text,
    get declaration() {
      return resolve();
    },
    get mayBeNull() {
      return mayBeNull();
    },
    span,
  };
}

function nameDeclaration(node: ts.Identifier, reader: Reader): Declaration | undefined {
  if (!ts.isShorthandPropertyAssignment(node.parent)) return reader.resolve(node, "value");
  const symbol = reader.checker.getShorthandAssignmentValueSymbol(node.parent);
  return symbol && reader.declarationOf(symbol, "value");
}

function readBinary(node: ts.BinaryExpression, span: Span, reader: Reader): ExpressionSyntax {
  const token = node.operatorToken.getText();
  const assigned = assignmentOperator(token);
  if (token === "=" || assigned !== undefined) {
    const target = readExpression(node.left, reader);
    return { kind: "assign", operator: assigned, target, value: readExpression(node.right, reader), span };
  }
  const operator = binaryOperator(token);
  if (operator === undefined && token !== "??")
    return { kind: "unsupported", ...unsupported(node.operatorToken), span };
  const [left, right] = [readExpression(node.left, reader), readExpression(node.right, reader)];
  return operator === undefined
    ? { kind: "coalesce", left, right, span }
    : { kind: "binary", operator, left, right, span };
}

function readUnary(
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  span: Span,
  reader: Reader,
): ExpressionSyntax {
  const operand = readExpression(node.operand, reader);
  const token = ts.tokenToString(node.operator) ?? "";
  if (token === "++" || token === "--") {
    const prefix = ts.isPrefixUnaryExpression(node);
    return { kind: "step", operator: token === "++" ? "+" : "-", prefix, target: operand, span };
  }
  const operator = unaryOperator(token);
  if (operator === undefined) return { kind: "unsupported", ...unsupported(node), span };
  return { kind: "unary", operator, operand, span };
}

function readObject(node: ts.ObjectLiteralExpression, span: Span, reader: Reader): ExpressionSyntax {
  const properties: ObjectSyntax["properties"][number][] = [];
  for (const property of node.properties) {
    const where = reader.span(property);
    if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) {
      properties.push({ name: property.name.text, value: readExpression(property.initializer, reader), span: where });
    } else if (ts.isShorthandPropertyAssignment(property)) {
      properties.push({ name: property.name.text, value: readName(property.name, where, reader), span: where });
    } else if (ts.isSpreadAssignment(property)) {
      properties.push({ name: undefined, value: readExpression(property.expression, reader), span: where });
    } else {
      const computed = unsupportedText("a computed name", "write the name of the field");
      const isComputed = property.name !== undefined && ts.isComputedPropertyName(property.name);
      return { kind: "unsupported", ...(isComputed ? computed : unsupported(property)), span: where };
    }
  }
  return { kind: "object", properties, span };
}

import ts from "typescript";
import type { TypeSyntax } from "../syntax/type.ts";
import type { Reader } from "./reader.ts";

export function readType(node: ts.TypeNode, reader: Reader): TypeSyntax {
  const span = reader.span(node);
  if (ts.isParenthesizedTypeNode(node)) return readType(node.type, reader);
  if (ts.isTypeReferenceNode(node)) {
    const name = node.typeName.getText();
    if (name === "const") return { kind: "const", span };
    const types = (node.typeArguments ?? []).map((argument) => readType(argument, reader));
    return { kind: "reference", name, declaration: reader.resolve(node.typeName, "type"), arguments: types, span };
  }
  if (ts.isTypeQueryNode(node)) {
    return { kind: "query", name: node.exprName.getText(), declaration: reader.resolve(node.exprName, "value"), span };
  }
  if (ts.isUnionTypeNode(node)) {
    return { kind: "union", members: node.types.map((member) => readType(member, reader)), span };
  }
  // Who may write to it TypeScript itself looks after.
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword)
    return readType(node.type, reader);
  if (ts.isArrayTypeNode(node)) return { kind: "array", element: readType(node.elementType, reader), span };
  if (ts.isFunctionTypeNode(node)) return { kind: "function", span };
  if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword) return { kind: "null", span };
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
    return { kind: "literal", value: node.literal.text, span };
  }
  if (ts.isLiteralTypeNode(node) && ts.isNumericLiteral(node.literal)) {
    return { kind: "literal", value: Number(node.literal.text), span };
  }
  switch (node.kind) {
    case ts.SyntaxKind.BooleanKeyword:
      return { kind: "boolean", span };
    case ts.SyntaxKind.VoidKeyword:
      return { kind: "void", span };
    case ts.SyntaxKind.NumberKeyword:
      return { kind: "number", span };
    case ts.SyntaxKind.StringKeyword:
      return { kind: "string", span };
    default:
      return { kind: "unsupported", what: node.getText(), span };
  }
}

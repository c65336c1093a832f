import ts from "typescript";
import type { Span } from "../source-file.ts";
import type { VariableDeclaration } from "../syntax/declaration.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import { readExpression } from "./read-expression.ts";
import { readPattern } from "./read-pattern.ts";
import type { Reader } from "./reader.ts";
import { unsupported, unsupportedText } from "./unsupported.ts";

export function readStatement(node: ts.Statement, reader: Reader): StatementSyntax {
  const span = reader.span(node);
  if (ts.isBlock(node)) return { kind: "block", body: node.statements.map((one) => readStatement(one, reader)), span };
  if (ts.isVariableStatement(node)) return readVariables(node.declarationList, reader);
  if (ts.isExpressionStatement(node)) {
    return { kind: "expression", expression: readExpression(node.expression, reader), span };
  }
  if (ts.isReturnStatement(node)) {
    return { kind: "return", value: node.expression && readExpression(node.expression, reader), span };
  }
  if (ts.isIfStatement(node)) {
    return {
      kind: "if",
      condition: readExpression(node.expression, reader),
      whenTrue: readStatement(node.thenStatement, reader),
      whenFalse: node.elseStatement && readStatement(node.elseStatement, reader),
      span,
    };
  }
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
    return {
      kind: "loop",
      initializer: undefined,
      condition: readExpression(node.expression, reader),
      bodyFirst: ts.isDoStatement(node),
      update: undefined,
      body: readStatement(node.statement, reader),
      span,
    };
  }
  if (ts.isForStatement(node)) return readFor(node, span, reader);
  if (ts.isForOfStatement(node)) return readForOf(node, span, reader);
  if (ts.isSwitchStatement(node)) return readSwitch(node, span, reader);
  if (ts.isBreakStatement(node)) return { kind: "break", label: node.label?.text, span };
  if (ts.isContinueStatement(node)) return { kind: "continue", label: node.label?.text, span };
  if (ts.isLabeledStatement(node)) {
    return { kind: "labelled", label: node.label.text, body: readStatement(node.statement, reader), span };
  }
  if (ts.isFunctionDeclaration(node)) {
    const declaration = reader.declaration(node);
    if (declaration?.kind === "function") return { kind: "function", declaration, span };
  }
  if (ts.isEmptyStatement(node)) return { kind: "empty", span };
  return { kind: "unsupported", ...unsupported(node), span };
}

function readFor(node: ts.ForStatement, span: Span, reader: Reader): StatementSyntax {
  const start = node.initializer;
  return {
    kind: "loop",
    initializer:
      start === undefined
        ? undefined
        : ts.isVariableDeclarationList(start)
          ? readVariables(start, reader)
          : { kind: "expression", expression: readExpression(start, reader), span: reader.span(start) },
    condition: node.condition && readExpression(node.condition, reader),
    bodyFirst: false,
    update: node.incrementor && readExpression(node.incrementor, reader),
    body: readStatement(node.statement, reader),
    span,
  };
}

function readForOf(node: ts.ForOfStatement, span: Span, reader: Reader): StatementSyntax {
  if (node.awaitModifier) return { kind: "unsupported", ...unsupportedText("`await`"), span };
  const start = node.initializer;
  if (!ts.isVariableDeclarationList(start)) {
    const remedy = "declare the variable there: `for (const x of …)`";
    return { kind: "unsupported", ...unsupportedText("`for … of` with a variable from outside", remedy), span };
  }
  const variables = readVariables(start, reader);
  if (variables.kind !== "variables") return variables;
  const [variable, ...parts] = variables.declarations;
  if (variable === undefined) return { kind: "unsupported", ...unsupported(node), span };
  return {
    kind: "for-of",
    variable,
    parts,
    iterable: readExpression(node.expression, reader),
    body: readStatement(node.statement, reader),
    span,
  };
}

function readSwitch(node: ts.SwitchStatement, span: Span, reader: Reader): StatementSyntax {
  const clauses = node.caseBlock.clauses.map((clause) => ({
    test: ts.isCaseClause(clause) ? readExpression(clause.expression, reader) : undefined,
    body: clause.statements.map((inner) => readStatement(inner, reader)),
    span: reader.span(clause),
  }));
  return { kind: "switch", subject: readExpression(node.expression, reader), clauses, span };
}

function readVariables(list: ts.VariableDeclarationList, reader: Reader): StatementSyntax {
  const span = reader.span(list);
  const declarations: VariableDeclaration[] = [];
  const scope = list.flags & ts.NodeFlags.BlockScoped;
  if (scope !== ts.NodeFlags.Let && scope !== ts.NodeFlags.Const) {
    const word =
      scope === 0
        ? unsupportedText("`var`", "write `let` or `const`")
        : unsupportedText("`using`", "write `const`: nothing has to be closed in a kernel program");
    return { kind: "unsupported", ...word, span };
  }
  for (const node of list.declarations) {
    if (node.exclamationToken) {
      const remedy = "give the variable a value";
      return { kind: "unsupported", ...unsupportedText("`!` behind a name", remedy), span: reader.span(node) };
    }
    const declaration = reader.declaration(node);
    if (declaration?.kind !== "variable") return { kind: "unsupported", ...unsupported(node), span };
    declarations.push(declaration);
    if (ts.isIdentifier(node.name)) continue;
    const parts = readPattern(node.name, reader);
    if ("what" in parts) return { kind: "unsupported", ...parts };
    declarations.push(...parts);
  }
  return { kind: "variables", declarations, span };
}

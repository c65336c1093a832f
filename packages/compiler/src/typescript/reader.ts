import ts from "typescript";
import type { SourceFile, Span } from "../source-file.ts";
import type {
  Declaration,
  FunctionDeclaration,
  ParameterDeclaration,
  VariableDeclaration,
} from "../syntax/declaration.ts";
import type { ExpressionSyntax, ObjectSyntax } from "../syntax/expression.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import { assignmentOperator, binaryOperator, unaryOperator } from "../syntax/operators.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import { isLanguageFile } from "./compiler-host.ts";

/** Reads TypeScript's tree into plain syntax in which names are resolved. */
export class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #fileOf: (file: ts.SourceFile) => SourceFile;
  readonly #declarations = new Map<ts.Node, Declaration | undefined>();

  constructor(checker: ts.TypeChecker, fileOf: (file: ts.SourceFile) => SourceFile) {
    this.#checker = checker;
    this.#fileOf = fileOf;
  }

  module(source: ts.SourceFile): ModuleSyntax {
    const declarations: Declaration[] = [];
    const others: Span[] = [];
    for (const statement of source.statements) {
      if (ts.isImportDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue;
      if (ts.isExportDeclaration(statement) || ts.isInterfaceDeclaration(statement)) continue;
      const nodes = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
      for (const node of nodes) {
        const declaration = this.#declaration(node);
        if (declaration === undefined) others.push(this.#span(node));
        else declarations.push(declaration);
      }
    }
    return { declarations, others, span: { file: this.#fileOf(source), start: 0, end: 0 } };
  }

  #span(node: ts.Node): Span {
    const source = node.getSourceFile();
    return { file: this.#fileOf(source), start: node.getStart(source), end: node.end };
  }

  /** What a name stands for, as a value or as a type. */
  #resolve(name: ts.Node, as: "value" | "type"): Declaration | undefined {
    let symbol = this.#checker.getSymbolAtLocation(name);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = this.#checker.getAliasedSymbol(symbol);
    const isType = (node: ts.Node) => ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node);
    const node = symbol?.declarations?.find((declaration) => isType(declaration) === (as === "type"));
    return node && this.#declaration(node);
  }

  #declaration(node: ts.Node): Declaration | undefined {
    if (this.#declarations.has(node)) return this.#declarations.get(node);
    const declaration = this.#readDeclaration(node);
    this.#declarations.set(node, declaration);
    return declaration;
  }

  #readDeclaration(node: ts.Node): Declaration | undefined {
    if (isLanguageFile(node.getSourceFile().fileName)) {
      const name = ts.getNameOfDeclaration(node as ts.Declaration); // It came from a symbol's list of declarations.
      return name === undefined ? undefined : Object.freeze({ kind: "word", name: name.getText() });
    }
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) return this.#variable(node, node.name.text);
    if (ts.isFunctionDeclaration(node) && node.name !== undefined && node.body !== undefined) {
      return this.#functionDeclaration(node, node.name);
    }
    if (ts.isParameter(node) && ts.isIdentifier(node.name)) return this.#parameter(node, node.name.text);
    if (ts.isTypeAliasDeclaration(node)) {
      return Object.freeze({ kind: "type", name: node.name.text, type: this.#type(node.type), span: this.#span(node) });
    }
    return undefined;
  }

  /** Initializers and bodies are read when they are asked for, since what they name may be what they are part of. */
  #variable(node: ts.VariableDeclaration, name: string): VariableDeclaration {
    const list = node.parent;
    return {
      kind: "variable",
      name,
      constant: (list.flags & ts.NodeFlags.Const) !== 0,
      topLevel: ts.isSourceFile(list.parent.parent),
      type: node.type && this.#type(node.type),
      initializer: node.initializer && this.#expression(node.initializer),
      span: this.#span(node.name),
    };
  }

  #functionDeclaration(node: ts.FunctionDeclaration, name: ts.Identifier): FunctionDeclaration {
    const read = lazy(() => this.#function(node));
    return {
      kind: "function",
      name: name.text,
      topLevel: ts.isSourceFile(node.parent),
      get function() {
        return read();
      },
      span: this.#span(name),
    };
  }

  #parameter(node: ts.ParameterDeclaration, name: string): ParameterDeclaration {
    return Object.freeze({
      kind: "parameter",
      name,
      type: node.type && this.#type(node.type),
      span: this.#span(node.name),
    });
  }

  #function(node: ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression): FunctionSyntax {
    const parameters: ParameterDeclaration[] = [];
    for (const parameter of node.parameters) {
      const declaration = this.#declaration(parameter);
      if (declaration?.kind === "parameter") parameters.push(declaration);
    }
    const body = node.body;
    const statements = (): readonly StatementSyntax[] => {
      const [unsupported] = unsupportedIn(node);
      if (unsupported !== undefined)
        return [{ kind: "unsupported", what: unsupported.what, span: this.#span(unsupported.node) }];
      if (body === undefined) return [];
      if (ts.isBlock(body)) return body.statements.map((statement) => this.#statement(statement));
      return [{ kind: "return", value: this.#expression(body), span: this.#span(body) }];
    };
    const read = lazy(statements);
    return {
      parameters,
      returnType: node.type && this.#type(node.type),
      get body() {
        return read();
      },
      span: this.#span(node),
    };
  }

  #type(node: ts.TypeNode): TypeSyntax {
    const span = this.#span(node);
    if (ts.isParenthesizedTypeNode(node)) return this.#type(node.type);
    if (ts.isTypeReferenceNode(node)) {
      const name = node.typeName.getText();
      if (name === "const") return { kind: "const", span };
      const types = (node.typeArguments ?? []).map((argument) => this.#type(argument));
      return { kind: "reference", name, declaration: this.#resolve(node.typeName, "type"), arguments: types, span };
    }
    if (ts.isTypeQueryNode(node)) {
      return { kind: "query", name: node.exprName.getText(), declaration: this.#resolve(node.exprName, "value"), span };
    }
    if (ts.isUnionTypeNode(node))
      return { kind: "union", members: node.types.map((member) => this.#type(member)), span };
    if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword) return { kind: "null", span };
    if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean", span };
    if (node.kind === ts.SyntaxKind.VoidKeyword) return { kind: "void", span };
    if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number", span };
    return { kind: "unsupported", what: node.getText(), span };
  }

  #statement(node: ts.Statement): StatementSyntax {
    const span = this.#span(node);
    if (ts.isBlock(node)) return { kind: "block", body: node.statements.map((inner) => this.#statement(inner)), span };
    if (ts.isVariableStatement(node)) return this.#variables(node.declarationList);
    if (ts.isExpressionStatement(node))
      return { kind: "expression", expression: this.#expression(node.expression), span };
    if (ts.isReturnStatement(node)) {
      return { kind: "return", value: node.expression && this.#expression(node.expression), span };
    }
    if (ts.isIfStatement(node)) {
      return {
        kind: "if",
        condition: this.#expression(node.expression),
        whenTrue: this.#statement(node.thenStatement),
        whenFalse: node.elseStatement && this.#statement(node.elseStatement),
        span,
      };
    }
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      return {
        kind: "loop",
        initializer: undefined,
        condition: this.#expression(node.expression),
        bodyFirst: ts.isDoStatement(node),
        update: undefined,
        body: this.#statement(node.statement),
        span,
      };
    }
    if (ts.isForStatement(node)) return this.#for(node, span);
    if (ts.isSwitchStatement(node)) {
      const clauses = node.caseBlock.clauses.map((clause) => ({
        test: ts.isCaseClause(clause) ? this.#expression(clause.expression) : undefined,
        body: clause.statements.map((inner) => this.#statement(inner)),
        span: this.#span(clause),
      }));
      return { kind: "switch", subject: this.#expression(node.expression), clauses, span };
    }
    if (ts.isBreakStatement(node)) return { kind: "break", label: node.label?.text, span };
    if (ts.isContinueStatement(node)) return { kind: "continue", label: node.label?.text, span };
    if (ts.isLabeledStatement(node)) {
      return { kind: "labelled", label: node.label.text, body: this.#statement(node.statement), span };
    }
    if (ts.isFunctionDeclaration(node)) {
      const declaration = this.#declaration(node);
      if (declaration?.kind === "function") return { kind: "function", declaration, span };
    }
    if (ts.isEmptyStatement(node)) return { kind: "empty", span };
    return { kind: "unsupported", what: describe(node), span };
  }

  #for(node: ts.ForStatement, span: Span): StatementSyntax {
    const start = node.initializer;
    return {
      kind: "loop",
      initializer:
        start === undefined
          ? undefined
          : ts.isVariableDeclarationList(start)
            ? this.#variables(start)
            : { kind: "expression", expression: this.#expression(start), span: this.#span(start) },
      condition: node.condition && this.#expression(node.condition),
      bodyFirst: false,
      update: node.incrementor && this.#expression(node.incrementor),
      body: this.#statement(node.statement),
      span,
    };
  }

  #variables(list: ts.VariableDeclarationList): StatementSyntax {
    const span = this.#span(list);
    const declarations: VariableDeclaration[] = [];
    const scope = list.flags & ts.NodeFlags.BlockScoped;
    if (scope !== ts.NodeFlags.Let && scope !== ts.NodeFlags.Const) {
      return { kind: "unsupported", what: scope === 0 ? "`var`" : "`using`", span };
    }
    for (const node of list.declarations) {
      if (node.exclamationToken) return { kind: "unsupported", what: "`!` behind a name", span: this.#span(node) };
      const declaration = this.#declaration(node);
      if (declaration?.kind !== "variable") return { kind: "unsupported", what: "destructuring", span };
      declarations.push(declaration);
    }
    return { kind: "variables", declarations, span };
  }

  #expression(node: ts.Expression): ExpressionSyntax {
    const span = this.#span(node);
    if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) return this.#expression(node.expression);
    if (ts.isNumericLiteral(node)) return { kind: "number", text: node.getText(), value: Number(node.text), span };
    if (ts.isBigIntLiteral(node)) return { kind: "bigint", value: BigInt(node.text.slice(0, -1)), span };
    if (ts.isStringLiteralLike(node)) return { kind: "string", value: node.text, span };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: "boolean", value: true, span };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: "boolean", value: false, span };
    if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: "null", span };
    if (ts.isIdentifier(node)) return this.#name(node, span);
    if (ts.isPropertyAccessExpression(node) && node.questionDotToken === undefined) {
      const object = this.#expression(node.expression);
      return { kind: "property", object, name: node.name.text, nameSpan: this.#span(node.name), span };
    }
    if (ts.isElementAccessExpression(node) && node.questionDotToken === undefined) {
      const object = this.#expression(node.expression);
      return { kind: "element", object, index: this.#expression(node.argumentExpression), span };
    }
    if (ts.isCallExpression(node) && node.questionDotToken === undefined) {
      const list = node.arguments.map((argument) => this.#expression(argument));
      return { kind: "call", callee: this.#expression(node.expression), arguments: list, span };
    }
    if (ts.isBinaryExpression(node)) return this.#binary(node, span);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node, span);
    if (ts.isConditionalExpression(node)) {
      return {
        kind: "conditional",
        condition: this.#expression(node.condition),
        whenTrue: this.#expression(node.whenTrue),
        whenFalse: this.#expression(node.whenFalse),
        span,
      };
    }
    if (ts.isAsExpression(node)) {
      return { kind: "cast", operand: this.#expression(node.expression), type: this.#type(node.type), span };
    }
    if (ts.isNonNullExpression(node)) return { kind: "non-null", operand: this.#expression(node.expression), span };
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, span);
    if (ts.isArrayLiteralExpression(node)) {
      return { kind: "list", elements: node.elements.map((element) => this.#expression(element)), span };
    }
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      return { kind: "function", function: this.#function(node), span };
    }
    return { kind: "unsupported", what: ts.isOptionalChain(node) ? "`?.`" : describe(node), span };
  }

  #name(node: ts.Identifier, span: Span): ExpressionSyntax {
    const resolve = lazy(() => this.#nameDeclaration(node));
    const mayBeNull = lazy(() => {
      const type = this.#checker.getTypeAtLocation(node);
      return (type.isUnion() ? type.types : [type]).some((member) => (member.flags & ts.TypeFlags.Null) !== 0);
    });
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

  #nameDeclaration(node: ts.Identifier): Declaration | undefined {
    if (!ts.isShorthandPropertyAssignment(node.parent)) return this.#resolve(node, "value");
    const symbol = this.#checker.getShorthandAssignmentValueSymbol(node.parent);
    const declared = symbol?.valueDeclaration;
    return declared && this.#declaration(declared);
  }

  #binary(node: ts.BinaryExpression, span: Span): ExpressionSyntax {
    const token = node.operatorToken.getText();
    const assigned = assignmentOperator(token);
    if (token === "=" || assigned !== undefined) {
      const target = this.#expression(node.left);
      return { kind: "assign", operator: assigned, target, value: this.#expression(node.right), span };
    }
    const operator = binaryOperator(token);
    if (operator === undefined) return { kind: "unsupported", what: `\`${token}\``, span };
    return { kind: "binary", operator, left: this.#expression(node.left), right: this.#expression(node.right), span };
  }

  #unary(node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression, span: Span): ExpressionSyntax {
    const operand = this.#expression(node.operand);
    const token = ts.tokenToString(node.operator) ?? "";
    if (token === "++" || token === "--") {
      const prefix = ts.isPrefixUnaryExpression(node);
      return { kind: "step", operator: token === "++" ? "+" : "-", prefix, target: operand, span };
    }
    const operator = unaryOperator(token);
    if (operator === undefined) return { kind: "unsupported", what: describe(node), span };
    return { kind: "unary", operator, operand, span };
  }

  #object(node: ts.ObjectLiteralExpression, span: Span): ExpressionSyntax {
    const properties: ObjectSyntax["properties"][number][] = [];
    for (const property of node.properties) {
      const where = this.#span(property);
      if (ts.isPropertyAssignment(property) && !ts.isComputedPropertyName(property.name)) {
        const value = this.#expression(property.initializer);
        properties.push({ name: property.name.text, value, span: where });
      } else if (ts.isShorthandPropertyAssignment(property)) {
        properties.push({ name: property.name.text, value: this.#name(property.name, where), span: where });
      } else {
        return { kind: "unsupported", what: describe(property), span: where };
      }
    }
    return { kind: "object", properties, span };
  }
}

/** What a function's head has that functions of kernel programs do not. */
function unsupportedIn(
  node: ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression,
): { readonly what: string; readonly node: ts.Node }[] {
  const modifiers = (node.modifiers ?? []).flatMap((modifier) =>
    modifier.kind === ts.SyntaxKind.AsyncKeyword ? { what: "`async`", node: modifier } : [],
  );
  const generator = node.asteriskToken ? [{ what: "a generator", node: node.asteriskToken }] : [];
  const parameters = node.parameters.flatMap((parameter) => {
    if (!ts.isIdentifier(parameter.name)) return { what: "destructuring", node: parameter.name };
    if (parameter.initializer) return { what: "a default value", node: parameter.initializer };
    if (parameter.questionToken) return { what: "a parameter that may be left out", node: parameter };
    return parameter.dotDotDotToken ? { what: "a rest parameter", node: parameter } : [];
  });
  return [...modifiers, ...generator, ...parameters];
}

function lazy<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** A name for what the language does not have: `SpreadElement` becomes "a spread element". */
function describe(node: ts.Node): string {
  const words = (ts.SyntaxKind[node.kind] ?? "this").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}

import ts from "typescript";
import type { SourceFile, Span } from "../source-file.ts";
import type {
  Declaration,
  FunctionDeclaration,
  InterfaceDeclaration,
  ParameterDeclaration,
  VariableDeclaration,
} from "../syntax/declaration.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import { isLanguageFile } from "./compiler-host.ts";
import { lazy } from "./lazy.ts";
import { readExpression } from "./read-expression.ts";
import { type FunctionNode, readFunction, unsupportedInHead } from "./read-function.ts";
import { readOptionalChain } from "./read-optional.ts";
import { readPattern } from "./read-pattern.ts";
import { readStatement } from "./read-statement.ts";
import { readType } from "./read-type.ts";
import { unsupported } from "./unsupported.ts";

/**
 * Reads TypeScript's tree into plain syntax in which names are resolved. Of files that stay as they are it reads nothing again when
 * others change: what it has read of them is the same for the next program.
 */
export class Reader {
  readonly #fileOf: (file: ts.SourceFile) => SourceFile;
  readonly #declarations = new Map<ts.SourceFile, Map<ts.Node, Declaration | undefined>>();
  #checker: ts.TypeChecker | undefined;

  constructor(fileOf: (file: ts.SourceFile) => SourceFile) {
    this.#fileOf = fileOf;
  }

  /** What is read later, also of what was begun before, is read as the checker knows it. */
  get checker(): ts.TypeChecker {
    if (this.#checker === undefined) throw new Error("there is no program to read");
    return this.#checker;
  }

  /** Goes on with another program, of which these files mean what they meant in the last one. */
  next(checker: ts.TypeChecker, unchanged: ReadonlySet<ts.SourceFile>): void {
    this.#checker = checker;
    for (const file of this.#declarations.keys()) if (!unchanged.has(file)) this.#declarations.delete(file);
  }

  module(source: ts.SourceFile): ModuleSyntax {
    const declarations: Declaration[] = [];
    const others: ModuleSyntax["others"][number][] = [];
    const take = (node: ts.Node): void => {
      const declaration = this.declaration(node);
      const [head] = ts.isFunctionDeclaration(node) ? unsupportedInHead(node) : [];
      if (declaration === undefined) others.push({ ...(head?.is ?? unsupported(node)), span: this.span(node) });
      else declarations.push(declaration);
    };
    for (const statement of source.statements) {
      if (ts.isImportDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) continue;
      if (ts.isExportDeclaration(statement) || ts.isInterfaceDeclaration(statement)) continue;
      if (!ts.isVariableStatement(statement)) {
        take(statement);
        continue;
      }
      for (const node of statement.declarationList.declarations) {
        take(node);
        if (ts.isIdentifier(node.name)) continue;
        const parts = readPattern(node.name, this);
        if ("what" in parts) others.push(parts);
        else declarations.push(...parts);
      }
    }
    return { declarations, others, span: { file: this.#fileOf(source), start: 0, end: 0 } };
  }

  span(node: ts.Node): Span {
    const source = node.getSourceFile();
    return { file: this.#fileOf(source), start: node.getStart(source), end: node.end };
  }

  expression(node: ts.Expression): ExpressionSyntax {
    return readExpression(node, this);
  }

  optionalChain(node: ts.OptionalChain): ExpressionSyntax {
    return readOptionalChain(node, this);
  }

  statement(node: ts.Statement): StatementSyntax {
    return readStatement(node, this);
  }

  function(node: FunctionNode): FunctionSyntax {
    return readFunction(node, this);
  }

  /** Whether TypeScript, which follows the comparisons with null, thinks that a value may be null where it stands. */
  mayBeNull(node: ts.Node): boolean {
    const type = this.checker.getTypeAtLocation(node);
    const nothing = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
    return (type.isUnion() ? type.types : [type]).some((member) => (member.flags & nothing) !== 0);
  }

  /** What a name stands for, as a value or as a type. */
  resolve(name: ts.Node, as: "value" | "type"): Declaration | undefined {
    const symbol = this.checker.getSymbolAtLocation(name);
    return symbol && this.declarationOf(symbol, as);
  }

  declarationOf(symbol: ts.Symbol, as: "value" | "type"): Declaration | undefined {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    const isType = (node: ts.Node) =>
      ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeParameterDeclaration(node);
    // A signature alone is refused where it stands; only the language's own words are no more than that.
    const isSignature = (node: ts.Node) =>
      ts.isFunctionDeclaration(node) && node.body === undefined && !isLanguageFile(node.getSourceFile().fileName);
    const node = target.declarations?.find((node) => isType(node) === (as === "type") && !isSignature(node));
    return node && this.declaration(node);
  }

  /** One object for each declaration, however often it is named. */
  declaration(node: ts.Node): Declaration | undefined {
    const source = node.getSourceFile();
    const known = this.#declarations.get(source) ?? new Map<ts.Node, Declaration | undefined>();
    if (known.has(node)) return known.get(node);
    this.#declarations.set(source, known);
    const declaration = this.#readDeclaration(node);
    known.set(node, declaration);
    return declaration;
  }

  #readDeclaration(node: ts.Node): Declaration | undefined {
    if (isLanguageFile(node.getSourceFile().fileName)) {
      const name = ts.getNameOfDeclaration(node as ts.Declaration); // It came from a symbol's list of declarations.
      return name === undefined ? undefined : Object.freeze({ kind: "word", name: name.getText() });
    }
    if (ts.isVariableDeclaration(node)) return this.#variable(node);
    if (ts.isBindingElement(node)) return this.#part(node);
    if (ts.isFunctionDeclaration(node) && node.name !== undefined && node.body !== undefined) {
      return this.#functionDeclaration(node, node.name);
    }
    if (ts.isParameter(node)) return this.#parameter(node);
    if (ts.isTypeAliasDeclaration(node)) {
      const type = readType(node.type, this);
      return Object.freeze({ kind: "type", name: node.name.text, type, span: this.span(node) });
    }
    if (ts.isInterfaceDeclaration(node)) return this.#interface(node);
    if (ts.isTypeParameterDeclaration(node)) {
      const constraint = node.constraint && readType(node.constraint, this);
      return Object.freeze({ kind: "type-parameter", name: node.name.text, constraint, span: this.span(node) });
    }
    return undefined;
  }

  /** A structure of the kernel may have thousands of members, and is read anew whenever the editor saves. */
  #interface(node: ts.InterfaceDeclaration): InterfaceDeclaration {
    const members = lazy(() => new Map(node.members.map((member) => [member.name?.getText() ?? "", member])));
    const bases = (node.heritageClauses ?? []).flatMap(({ types }) => [...types]);
    return {
      kind: "interface",
      name: node.name.text,
      bases: bases.map(({ expression, typeArguments = [] }) => ({
        kind: "reference",
        name: expression.getText(),
        declaration: this.resolve(expression, "type"),
        arguments: typeArguments.map((argument) => readType(argument, this)),
        span: this.span(expression),
      })),
      member: (name) => {
        const member = members().get(name);
        return member && ts.isPropertySignature(member) && member.type ? readType(member.type, this) : undefined;
      },
      span: this.span(node.name),
    };
  }

  #variable(node: ts.VariableDeclaration): VariableDeclaration {
    const list = node.parent;
    const read = lazy(() => node.initializer && this.expression(node.initializer));
    return {
      kind: "variable",
      name: nameOf(node.name),
      // What is taken apart is a variable that nobody can name.
      constant: (list.flags & ts.NodeFlags.Const) !== 0 || !ts.isIdentifier(node.name),
      topLevel: ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent),
      type: node.type && readType(node.type, this),
      get initializer() {
        return read();
      },
      span: this.span(node.name),
    };
  }

  /** A variable of a pattern: its value is a field of what the pattern stands for. */
  #part(node: ts.BindingElement): VariableDeclaration | undefined {
    const whole = node.parent.parent;
    const declared = this.declaration(whole);
    if (declared?.kind !== "variable" && declared?.kind !== "parameter") return undefined;
    const field = node.propertyName ?? node.name;
    const [span, nameSpan] = [this.span(node), this.span(field)];
    const name = ts.isComputedPropertyName(field) ? "" : field.getText();
    const object: ExpressionSyntax = { kind: "name", name: "", declaration: declared, mayBeNull: false, span };
    return {
      kind: "variable",
      name: nameOf(node.name),
      constant: (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Let) === 0 || !ts.isIdentifier(node.name),
      topLevel: declared.kind === "variable" && declared.topLevel,
      type: undefined,
      initializer: { kind: "property", object, name, nameSpan, span },
      span: this.span(node.name),
    };
  }

  #functionDeclaration(node: ts.FunctionDeclaration, name: ts.Identifier): FunctionDeclaration {
    const read = lazy(() => this.function(node));
    return {
      kind: "function",
      name: name.text,
      topLevel: ts.isSourceFile(node.parent),
      get function() {
        return read();
      },
      span: this.span(name),
    };
  }

  #parameter(node: ts.ParameterDeclaration): ParameterDeclaration {
    return Object.freeze({
      kind: "parameter",
      name: nameOf(node.name),
      type: node.type && readType(node.type, this),
      span: this.span(node.name),
    });
  }
}

/** What is taken apart has no name of its own. */
const nameOf = (name: ts.BindingName): string => (ts.isIdentifier(name) ? name.text : "");

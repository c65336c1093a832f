import type { Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Declaration, VariableDeclaration } from "../syntax/declaration.ts";
import type { ExpressionSyntax, NameSyntax } from "../syntax/expression.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { adaptInteger } from "./adapt-integer.ts";
import { binaryConstant, unaryConstant } from "./arithmetic.ts";
import type { ConfigDeclaration, Constant, FunctionConstant, MapDeclaration } from "./constant.ts";
import { resolveType } from "./resolve-type.ts";
import { wordCalls } from "./word-call.ts";
import { wordValue } from "./word-value.ts";

/** Configuration values that are known when the program is compiled. */
export type FixedConfigs = Readonly<Record<string, bigint>>;

/**
 * Evaluates what is known while the program is compiled: numbers, record layouts, and what files declare with them. The
 * same definitions that user space imports are evaluated here from their source text.
 */
export class Constants {
  readonly #known = new Map<VariableDeclaration, Constant | undefined>();
  readonly #active = new Set<VariableDeclaration>();
  readonly #functions = new Map<Declaration, FunctionConstant>();
  readonly #layoutNames = new Map<Layout, string>();
  readonly maps = new Set<MapDeclaration>();
  readonly configs = new Set<ConfigDeclaration>();
  readonly #fixed: FixedConfigs;
  /** Names of fixed values that no declaration has asked for. */
  readonly unusedFixed: Set<string>;

  /** @param fixed values that configuration values have for good, by their names */
  constructor(fixed: FixedConfigs = {}) {
    this.#fixed = fixed;
    this.unusedFixed = new Set(Object.keys(fixed));
  }

  get layoutNames(): LayoutNames {
    return this.#layoutNames;
  }

  /** The value that a configuration value has for good; undefined when it is set before load. */
  fixed(name: string): bigint | undefined {
    this.unusedFixed.delete(name);
    return Object.hasOwn(this.#fixed, name) ? this.#fixed[name] : undefined;
  }

  /** The constant that an expression is; undefined when it is only known while the program runs. */
  evaluate(syntax: ExpressionSyntax, name?: string): Constant | undefined {
    switch (syntax.kind) {
      case "number":
        return integerConstant(syntax);
      case "bigint":
        return { kind: "integer", value: syntax.value, type: undefined, inverted: false };
      case "boolean":
      case "string":
        // Each kind with its own type of value.
        return { kind: syntax.kind, value: syntax.value } as Constant;
      case "name":
        return this.#name(syntax);
      case "property":
        return this.#property(syntax.object, syntax.name);
      case "element":
        return this.#element(syntax.object, syntax.index);
      case "call":
        return this.#call(syntax, name);
      case "object":
        return this.#object(syntax);
      case "list":
        return this.#list(syntax.elements);
      case "unary": {
        const operand = this.evaluate(syntax.operand);
        return operand && unaryConstant(syntax.operator, operand, syntax.span);
      }
      case "binary": {
        const left = this.evaluate(syntax.left);
        const right = left && this.evaluate(syntax.right);
        return left && right && binaryConstant(syntax.operator, left, right, syntax.span);
      }
      case "cast":
        return syntax.type.kind === "const" ? this.evaluate(syntax.operand, name) : undefined;
      case "function":
        return { kind: "function", name: name ?? "", function: syntax.function, separate: false, span: syntax.span };
      default:
        return undefined;
    }
  }

  /** The value of a constant that a file or a function declares. */
  declared(declaration: VariableDeclaration): Constant | undefined {
    if (this.#known.has(declaration)) return this.#known.get(declaration);
    if (this.#active.has(declaration)) throw new Mistake("WEIR1201", declaration.span);
    this.#active.add(declaration);
    try {
      const constant = this.#evaluateDeclared(declaration);
      this.#known.set(declaration, constant);
      if (constant?.kind === "layout" && !this.#layoutNames.has(constant.layout)) {
        this.#layoutNames.set(constant.layout, declaration.name);
      }
      if (constant?.kind === "map") this.maps.add(constant.map);
      if (constant?.kind === "config") this.configs.add(constant.config);
      return constant;
    } finally {
      this.#active.delete(declaration);
    }
  }

  #evaluateDeclared({ constant, initializer, type, topLevel, name }: VariableDeclaration): Constant | undefined {
    if (!constant || initializer === undefined) return undefined;
    // Inside a function a constant with a type is a variable that is written once.
    if (!topLevel && type !== undefined) return undefined;
    const value = this.evaluate(initializer, name);
    if (value?.kind !== "integer" || type === undefined) return value;
    const declared = resolveType(type, this);
    if (declared === undefined || !isScalar(declared)) return value;
    // The rules for a number where a type is expected, whether in a program or here.
    return { ...value, value: adaptInteger(value, declared, initializer.span), type: declared };
  }

  #name({ declaration }: NameSyntax): Constant | undefined {
    switch (declaration?.kind) {
      case "variable":
        return this.declared(declaration);
      case "function": {
        let constant = this.#functions.get(declaration);
        if (constant === undefined) {
          const { name, span } = declaration;
          constant = { kind: "function", name, function: declaration.function, separate: false, span };
          this.#functions.set(declaration, constant);
        }
        return constant;
      }
      case "word":
        return wordValue(declaration.name);
      default:
        return undefined;
    }
  }

  #property(objectSyntax: ExpressionSyntax, name: string): Constant | undefined {
    const object = this.evaluate(objectSyntax);
    if (object?.kind === "object") return object.properties.get(name);
    if (object?.kind === "list" && name === "length") return plain(BigInt(object.elements.length));
    if (object?.kind === "layout" && (name === "size" || name === "alignment"))
      return plain(BigInt(object.layout[name]));
    return undefined;
  }

  #element(objectSyntax: ExpressionSyntax, indexSyntax: ExpressionSyntax): Constant | undefined {
    const object = this.evaluate(objectSyntax);
    if (object?.kind !== "list") return undefined;
    const index = this.evaluate(indexSyntax);
    if (index?.kind !== "integer") throw new Mistake("WEIR1201", indexSyntax.span);
    const element = object.elements[Number(index.value)];
    if (element === undefined) throw new Mistake("WEIR1308", indexSyntax.span, index.value, object.elements.length);
    return element;
  }

  #call(call: ExpressionSyntax & { kind: "call" }, name: string | undefined): Constant | undefined {
    const { callee } = call;
    const method = callee.kind === "property" && callee.name === "of";
    const word = method ? callee.object : callee;
    if (word.kind !== "name" || word.declaration?.kind !== "word") return undefined;
    const evaluate = wordCalls.get(method ? `${word.declaration.name}.of` : word.declaration.name);
    return evaluate?.({ call, name, constants: this });
  }

  #object({ properties }: ExpressionSyntax & { kind: "object" }): Constant | undefined {
    const values = new Map<string, Constant>();
    for (const { name, value } of properties) {
      const constant = this.evaluate(value, value.kind === "function" ? name : undefined);
      if (constant === undefined) return undefined;
      values.set(name, constant);
    }
    return { kind: "object", properties: values };
  }

  #list(elements: readonly ExpressionSyntax[]): Constant | undefined {
    const values: Constant[] = [];
    for (const element of elements) {
      const constant = this.evaluate(element);
      if (constant === undefined) return undefined;
      values.push(constant);
    }
    return { kind: "list", elements: values };
  }
}

const plain = (value: bigint): Constant => ({ kind: "integer", value, type: undefined, inverted: false });

function integerConstant({ value, text, span }: ExpressionSyntax & { kind: "number" }): Constant {
  if (!Number.isInteger(value)) throw new Mistake("WEIR1106", span, text);
  if (!Number.isSafeInteger(value)) throw new Mistake("WEIR1107", span, text);
  return plain(BigInt(value));
}

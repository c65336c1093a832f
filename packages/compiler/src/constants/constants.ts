import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { Declaration, TypeParameterDeclaration, VariableDeclaration } from "../syntax/declaration.ts";
import type { ExpressionSyntax, NameSyntax } from "../syntax/expression.ts";
import type { Local } from "../tree/local.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { adaptInteger } from "./adapt-integer.ts";
import { binaryConstant, unaryConstant } from "./arithmetic.ts";
import { type Constant, type ConstantOf, plainInteger } from "./constant.ts";
import { FileDeclarations, type FixedConfigs } from "./file-declarations.ts";
import { globalVariable } from "./global-variable.ts";
import { elementLayout } from "./list-layout.ts";
import { resolveType } from "./resolve-type.ts";
import type { TypeArgument } from "./type-argument.ts";
import { wordCalls } from "./word-call.ts";
import { wordValue } from "./word-value.ts";

/**
 * What names stand for in one scope: a file, or a function within it. It evaluates what is known while the program is compiled:
 * numbers, record layouts, and what files declare with them. The same definitions that user space imports are evaluated here
 * from their source text.
 */
export class Constants {
  readonly file: FileDeclarations;
  readonly #outer: Constants | undefined;
  readonly #known = new Map<VariableDeclaration, Constant | undefined>();
  readonly #active = new Set<VariableDeclaration>();
  readonly #bound = new Map<Declaration, Constant>();
  readonly #types = new Map<TypeParameterDeclaration, TypeArgument>();
  /** Undefined for a variable whose declaration is a mistake. */
  readonly #locals = new Map<Declaration, Local | undefined>();
  /** The function of the kernel that this becomes part of: what is inlined shares it, and so may share variables. */
  readonly frame: object;

  constructor(file: FileDeclarations = new FileDeclarations({}), outer?: Constants, frame: object = {}) {
    this.file = file;
    this.#outer = outer;
    this.frame = frame;
  }

  /** @param fixed values that configuration values have for good, by their names */
  static ofFile(fixed: FixedConfigs): Constants {
    return new Constants(new FileDeclarations(fixed));
  }

  /** The scope of a function that is written in this one, and becomes a part of `frame`. */
  inner(frame: object): Constants {
    return new Constants(this.file, this, frame);
  }

  get layoutNames(): LayoutNames {
    return this.file.layoutNames;
  }

  /** The value that a configuration value has for good; undefined when it is set before load. */
  fixed(name: string): bigint | undefined {
    return this.file.fixed(name);
  }

  /** From here on a parameter, or what a loop goes through, stands for something that is known while compiling. */
  bind(declaration: Declaration, constant: Constant): void {
    this.#bound.set(declaration, constant);
  }

  bindType(parameter: TypeParameterDeclaration, type: TypeArgument): void {
    this.#types.set(parameter, type);
  }

  /** What a type parameter stands for here. */
  typeArgument(parameter: TypeParameterDeclaration): TypeArgument | undefined {
    return this.#types.get(parameter) ?? this.#outer?.typeArgument(parameter);
  }

  declareLocal(declaration: Declaration, local: Local | undefined): void {
    this.#locals.set(declaration, local);
  }

  /** Takes a name back that stands for no variable. */
  forgetLocal(declaration: Declaration): void {
    this.#locals.delete(declaration);
  }

  /** The variable that a name stands for, if it stands for one. @param frame of the code that asks */
  local(declaration: Declaration, span: Span, frame = this.frame): Local | undefined {
    if (!this.#locals.has(declaration)) return this.#outer?.local(declaration, span, frame);
    const local = this.#locals.get(declaration);
    if (local === undefined) throw new Mistake(undefined, span);
    if (this.frame !== frame) throw new Mistake("WEIR1408", span, local.name);
    return local;
  }

  /** The constant that an expression is; undefined when it is only known while the program runs. */
  evaluate(syntax: ExpressionSyntax, name?: string): Constant | undefined {
    switch (syntax.kind) {
      case "number":
        return integerConstant(syntax);
      case "bigint":
        return plainInteger(syntax.value);
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
        return this.#list(syntax, name);
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
      case "function": {
        const { function: body, span } = syntax;
        return { kind: "function", name: name ?? "", function: body, linkage: "inline", scope: this, span };
      }
      default:
        return undefined;
    }
  }

  /** The value of a constant, or the global variable, that a file or a function declares. */
  declared(declaration: VariableDeclaration): Constant | undefined {
    if (declaration.topLevel && this.#outer !== undefined) return this.#outer.declared(declaration);
    const known = this.#find(declaration);
    if (known !== undefined) return known.constant;
    if (this.#active.has(declaration)) throw new Mistake("WEIR1201", declaration.span);
    this.#active.add(declaration);
    try {
      const constant = this.#evaluateDeclared(declaration);
      this.#known.set(declaration, constant);
      const { maps, configs, globals, programs, layoutNames } = this.file;
      if (constant?.kind === "layout" && !layoutNames.has(constant.layout)) {
        layoutNames.set(constant.layout, declaration.name);
      }
      if (constant?.kind === "map") maps.add(constant.map);
      if (constant?.kind === "config") configs.add(constant.config);
      if (constant?.kind === "program") programs.set(constant.program, declaration.span);
      if (constant?.kind === "global") globals.add(constant.global);
      return constant;
    } finally {
      this.#active.delete(declaration);
    }
  }

  #find(declaration: VariableDeclaration): { readonly constant: Constant | undefined } | undefined {
    const bound = this.#bound.get(declaration);
    if (bound !== undefined) return { constant: bound };
    if (this.#known.has(declaration)) return { constant: this.#known.get(declaration) };
    const outer = this.#outer;
    return outer === undefined ? undefined : outer.#find(declaration);
  }

  #evaluateDeclared(declaration: VariableDeclaration): Constant | undefined {
    const { constant, initializer, type, topLevel, name } = declaration;
    if (topLevel && !constant) return globalVariable(declaration, this);
    if (!constant || initializer === undefined) return undefined;
    if (type?.kind === "array") return this.#typedList(initializer, elementLayout(type, this), name);
    // Inside a function a constant with a type is a variable that is written once.
    if (!topLevel && type !== undefined) return undefined;
    const value = this.evaluate(initializer, name);
    // Another name for a record is the record; what an integer is worth is only known while the program runs.
    if (value?.kind === "global" && initializer.kind !== "call") {
      return topLevel && value.global.layout.kind !== "scalar" ? value : undefined;
    }
    if (value?.kind === "global" && !topLevel) throw new Mistake("WEIR1204", initializer.span);
    if (value?.kind !== "integer" || type === undefined) return value;
    const declared = resolveType(type, this);
    if (declared === undefined || !isScalar(declared)) return value;
    // The rules for a number where a type is expected, whether in a program or here.
    return { ...value, value: adaptInteger(value, declared, initializer.span), type: declared };
  }

  #typedList(
    initializer: ExpressionSyntax,
    element: ConstantOf<"list">["element"],
    name: string,
  ): Constant | undefined {
    const value = this.evaluate(initializer, name);
    return value?.kind === "list" ? Object.freeze({ ...value, element, name }) : value;
  }

  #name({ declaration }: NameSyntax): Constant | undefined {
    switch (declaration?.kind) {
      case "variable":
        return this.declared(declaration);
      case "parameter":
        return this.bound(declaration);
      case "function":
        return this.bound(declaration) ?? this.file.function(declaration);
      case "word":
        return wordValue(declaration.name);
      default:
        return undefined;
    }
  }

  /** What a name was bound to. */
  bound(declaration: Declaration): Constant | undefined {
    return this.#bound.get(declaration) ?? this.#outer?.bound(declaration);
  }

  #property(objectSyntax: ExpressionSyntax, name: string): Constant | undefined {
    const object = this.evaluate(objectSyntax);
    if (object?.kind === "object") return object.properties.get(name);
    if (object?.kind === "list" && name === "length") return plainInteger(BigInt(object.elements.length));
    if (object?.kind === "layout" && (name === "size" || name === "alignment"))
      return plainInteger(BigInt(object.layout[name]));
    return undefined;
  }

  /** An element of a list, if its index is known: others are read from a table while the program runs. */
  #element(objectSyntax: ExpressionSyntax, indexSyntax: ExpressionSyntax): Constant | undefined {
    const object = this.evaluate(objectSyntax);
    if (object?.kind !== "list") return undefined;
    const index = this.evaluate(indexSyntax);
    if (index?.kind !== "integer") return undefined;
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
      if (name !== undefined) values.set(name, constant);
      else if (constant.kind !== "object") return undefined;
      else for (const [inner, property] of constant.properties) values.set(inner, property);
    }
    return { kind: "object", properties: values };
  }

  #list({ elements, span }: ExpressionSyntax & { kind: "list" }, name: string | undefined): Constant | undefined {
    const values: Constant[] = [];
    for (const element of elements) {
      const constant = this.evaluate(element);
      if (constant === undefined) return undefined;
      values.push(constant);
    }
    return Object.freeze({ kind: "list", elements: values, element: undefined, name, span });
  }
}

function integerConstant({ value, text, span }: ExpressionSyntax & { kind: "number" }): Constant {
  if (!Number.isInteger(value)) throw new Mistake("WEIR1106", span, text);
  if (!Number.isSafeInteger(value)) throw new Mistake("WEIR1107", span, text);
  return plainInteger(BigInt(value));
}

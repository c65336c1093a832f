import type { Constant, FunctionConstant } from "../constants/constant.ts";
import type { Constants } from "../constants/constants.ts";
import { resolveType } from "../constants/resolve-type.ts";
import type { TypeArgument } from "../constants/type-argument.ts";
import { layoutOfType } from "../constants/type-layout.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { TypeParameterDeclaration } from "../syntax/declaration.ts";
import type { CallSyntax, ExpressionSyntax } from "../syntax/expression.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar, type KernelType, recordType, typeOfLayout } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { commonType } from "./arithmetic.ts";
import { coerce } from "./coerce.ts";
import type { Functions } from "./functions.ts";
import { isCompileTime } from "./generic.ts";
import type { Typing } from "./typing.ts";

/** A function for one kind of call: what its type parameters, and the parameters known while compiling, stand for. */
export interface Instance {
  readonly scope: Constants;
  /** Of each parameter. */
  readonly types: readonly (KernelType | "constant")[];
  /** Different for instances that differ. */
  readonly key: string;
}

/** The instance that a call asks for, and the arguments that are left for when the program runs. */
export function instantiate(
  constant: FunctionConstant,
  call: CallSyntax,
  typing: Typing,
): { readonly instance: Instance; readonly values: readonly Expression[] } {
  const { function: declared, linkage } = constant;
  const { functions } = typing;
  const frame = linkage === "inline" ? typing.constants.frame : {};
  const scope = (constant.scope ?? functions.constants).inner(frame);
  const unify = new Unification(scope, typing);
  for (const [index, parameter] of declared.typeParameters.entries()) {
    const given = call.typeArguments[index];
    if (given !== undefined) unify.explicit(parameter, given);
  }
  const constants = call.arguments.map((syntax) => typing.constants.evaluate(syntax));
  const parts: string[] = [];
  for (const [index, parameter] of declared.parameters.entries()) {
    const known = constants[index];
    if (known === undefined || !isCompileTime(known)) continue;
    scope.bind(parameter, known);
    if (parameter.type !== undefined) unify.constant(parameter.type, known);
    parts.push(`${index}=${identity(known, functions)}`);
  }
  const typed = typeArguments(declared.parameters, call.arguments, constants, unify, typing);
  unify.finish(declared.typeParameters, call);
  const types: (KernelType | "constant")[] = [];
  const values: Expression[] = [];
  for (const [index, parameter] of declared.parameters.entries()) {
    const [known, syntax] = [constants[index], call.arguments[index]];
    if (known !== undefined && isCompileTime(known)) {
      types.push("constant");
      continue;
    }
    if (syntax === undefined) throw new Mistake("WEIR1403", parameter.span, parameter.name);
    const type =
      parameter.type === undefined || isOpen(parameter.type) ? undefined : resolveType(parameter.type, scope);
    const node = typed[index] ?? typing.expression(syntax, type);
    types.push(type ?? node.type);
    values.push(coerce(node, type ?? node.type, typing.layoutNames));
    parts.push(`${index}:${typeKey(type ?? node.type, functions)}`);
  }
  for (const syntax of call.arguments.slice(declared.parameters.length)) {
    const known = typing.constants.evaluate(syntax);
    const node = known !== undefined && isCompileTime(known) ? undefined : typing.expression(syntax);
    types.push(node?.type ?? "constant");
    if (node !== undefined) values.push(node);
  }
  for (const parameter of declared.typeParameters) {
    const argument = scope.typeArgument(parameter);
    if (argument?.kind === "type") parts.push(`${parameter.name}:${typeKey(argument.type, functions)}`);
    else if (argument !== undefined) parts.push(`${parameter.name}:${functions.id(argument.layout)}`);
  }
  // What shares the variables of its caller is no other's.
  if (linkage === "inline") parts.push(`in ${functions.id(frame)}`);
  return { instance: { scope, types, key: parts.join(" ") }, values };
}

/** `Elements<u8>`: an array of any length, which the argument says. */
const isOpen = (type: TypeSyntax): boolean =>
  type.kind === "reference" && type.declaration?.kind === "word" && type.declaration.name === "Elements";

/** Arguments whose types say what type parameters are; numbers without a type say nothing. */
function typeArguments(
  parameters: readonly { readonly type: TypeSyntax | undefined }[],
  given: readonly ExpressionSyntax[],
  constants: readonly (Constant | undefined)[],
  unify: Unification,
  typing: Typing,
): readonly (Expression | undefined)[] {
  return parameters.map(({ type }, index) => {
    const [syntax, known] = [given[index], constants[index]];
    if (syntax === undefined || (known !== undefined && isCompileTime(known))) return undefined;
    const adapts = syntax.kind === "null" || syntax.kind === "object";
    if (adapts || (known?.kind === "integer" && known.type === undefined)) return undefined;
    if (type !== undefined && !unify.concerns(type)) return undefined;
    const node = typing.expression(syntax);
    if (type !== undefined) unify.value(type, node.type);
    return node;
  });
}

/** Finds out what type parameters stand for. */
class Unification {
  readonly #scope: Constants;
  readonly #typing: Typing;

  constructor(scope: Constants, typing: Typing) {
    this.#scope = scope;
    this.#typing = typing;
  }

  explicit(parameter: TypeParameterDeclaration, syntax: TypeSyntax): void {
    const { constants } = this.#typing;
    if (syntax.kind === "query" && syntax.declaration?.kind === "variable") {
      const constant = constants.declared(syntax.declaration);
      if (constant?.kind === "layout") {
        this.#scope.bindType(parameter, { kind: "layout", layout: constant.layout });
        return;
      }
    }
    const type = resolveType(syntax, constants);
    if (type !== undefined) this.#scope.bindType(parameter, { kind: "type", type });
  }

  /** Whether a type names a type parameter, so that an argument says what it is. */
  concerns(type: TypeSyntax): boolean {
    switch (type.kind) {
      case "reference":
        return type.declaration?.kind === "type-parameter" || type.arguments.some((one) => this.concerns(one));
      case "union":
        return type.members.some((one) => this.concerns(one));
      case "array":
        return this.concerns(type.element);
      default:
        return false;
    }
  }

  constant(type: TypeSyntax, constant: Constant): void {
    if (type.kind === "reference" && type.declaration?.kind === "type-parameter") {
      if (constant.kind === "layout") this.#bind(type.declaration, { kind: "layout", layout: constant.layout });
      return;
    }
    if (constant.kind === "list" && type.kind === "array" && constant.element !== undefined) {
      this.value(type.element, typeOfLayout(constant.element));
    }
    if (constant.kind !== "map" || type.kind !== "reference") return;
    const { key, value, record } = constant.map;
    // `ArrayMap<S>`, `HashMap<K, V, S>`: S is what a look-up gives.
    const types =
      type.arguments.length === 1
        ? [record && recordType(record)]
        : [key && typeOfLayout(key), value && typeOfLayout(value), record && recordType(record)];
    for (const [index, argument] of type.arguments.entries()) {
      const known = types[index];
      if (known !== undefined) this.value(argument, known);
    }
  }

  value(syntax: TypeSyntax, type: KernelType): void {
    if (syntax.kind === "union") {
      for (const member of syntax.members) this.value(member, type);
      return;
    }
    if (syntax.kind !== "reference") return;
    const { declaration } = syntax;
    if (declaration?.kind === "type-parameter") {
      this.#bind(declaration, { kind: "type", type: type.kind === "record" ? recordType(type.layout) : type });
    } else if (declaration?.kind === "word" && declaration.name === "Value") {
      const [argument] = syntax.arguments;
      const layout = layoutOfType(type);
      if (argument?.kind === "reference" && argument.declaration?.kind === "type-parameter" && layout !== undefined) {
        this.#bind(argument.declaration, { kind: "layout", layout });
      }
    }
  }

  /** Of two integers the wider one. */
  #bind(parameter: TypeParameterDeclaration, argument: TypeArgument): void {
    const known = this.#scope.typeArgument(parameter);
    if (known === undefined) this.#scope.bindType(parameter, argument);
    else if (known.kind === "type" && argument.kind === "type" && isScalar(known.type) && isScalar(argument.type)) {
      const same = known.type === argument.type;
      const type = same ? known.type : commonType(parameter.name, known.type, argument.type, parameter.span);
      this.#scope.bindType(parameter, { kind: "type", type });
    }
  }

  /** Where no argument says what a type parameter is, a constraint that is one type does; else 32 bits are a number's type. */
  finish(parameters: readonly TypeParameterDeclaration[], call: CallSyntax): void {
    for (const parameter of parameters) {
      if (this.#scope.typeArgument(parameter) !== undefined) continue;
      const { constraint } = parameter;
      const first = constraint?.kind === "union" ? constraint.members[0] : constraint;
      if (first?.kind !== "reference") continue;
      const isInteger = first.declaration?.kind === "word";
      const type = isInteger ? this.#typing.reporter.quiet(() => resolveType(first, this.#scope)) : undefined;
      if (type !== undefined && isScalar(type)) this.#scope.bindType(parameter, { kind: "type", type });
      else if (type !== undefined)
        throw new Mistake("WEIR1108", call.span, "a type", typeName(type, this.#scope.layoutNames));
    }
  }
}

function typeKey(type: KernelType, functions: Functions): string {
  const of = (what: object, nullable = false) => `${type.kind} ${functions.id(what)}${nullable ? "?" : ""}`;
  switch (type.kind) {
    case "integer":
    case "network":
      return type.name;
    case "record":
      return of(type.layout, type.nullable);
    case "array":
      return of(type.layout);
    case "map":
      return of(type.map, type.nullable);
    case "kernel":
      return of(type.structure, type.nullable);
    case "kernel-array":
      return of(type);
    default:
      return type.kind;
  }
}

function identity(constant: Constant, functions: Functions): string {
  switch (constant.kind) {
    case "layout":
      return `layout ${functions.id(constant.layout)}`;
    case "map":
      return `map ${functions.id(constant.map)}`;
    case "program":
      return `program ${functions.id(constant.program)}`;
    case "function":
      return `function ${functions.id(constant.function)} ${functions.id(constant.scope)}`;
    case "string":
      return JSON.stringify(constant.value);
    case "word":
      return constant.name;
    default:
      return `${constant.kind} ${functions.id(constant)}`;
  }
}

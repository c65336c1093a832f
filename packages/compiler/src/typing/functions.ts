import type { FunctionConstant } from "../constants/constant.ts";
import type { Constants } from "../constants/constants.ts";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { Span } from "../source-file.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { type KernelType, packetType, voidType } from "../types/kernel-type.ts";
import { u32 } from "../types/scalar.ts";
import { typeBody } from "./statement.ts";
import { Typing } from "./typing.ts";

const MOST_ARGUMENTS = 5;

/** The functions of a file, each typed once. */
export class Functions {
  readonly constants: Constants;
  readonly reporter: Reporter;
  /** Undefined for a function in which there is a mistake. */
  readonly #trees = new Map<FunctionSyntax, FunctionTree | undefined>();
  readonly #active = new Set<FunctionSyntax>();

  constructor(constants: Constants, reporter: Reporter) {
    this.constants = constants;
    this.reporter = reporter;
  }

  /** The function that is called at `call`. */
  tree(constant: FunctionConstant, call: Span): FunctionTree {
    const { function: syntax, name } = constant;
    if (!this.#trees.has(syntax)) {
      if (this.#active.has(syntax)) throw new Mistake("WEIR1401", call, name);
      this.#active.add(syntax);
      this.#trees.set(
        syntax,
        this.reporter.attempt(() => this.#type(constant)),
      );
      this.#active.delete(syntax);
    }
    const tree = this.#trees.get(syntax);
    if (tree === undefined) throw new Mistake(undefined, call);
    return tree;
  }

  /** The body of a program: its parameter is the packet, its result the verdict. */
  program(name: string, syntax: FunctionSyntax, span: Span): FunctionTree {
    const typing = new Typing(this, u32);
    const parameters = syntax.parameters.map((parameter) => {
      const local = parameterLocal(parameter.name, packetType, parameter.span);
      typing.declare(parameter, local);
      return local;
    });
    return this.#finish(name, syntax, span, parameters, false, typing);
  }

  #type({ name, function: syntax, separate, span }: FunctionConstant): FunctionTree {
    const returnType = this.#returnType(name, syntax, span);
    const typing = new Typing(this, returnType);
    const parameters = syntax.parameters.map((parameter) => {
      const type = parameter.type && resolveType(parameter.type, this.constants);
      if (type === undefined) throw new Mistake("WEIR1403", parameter.span, parameter.name);
      if (separate && type.kind === "array") throw new Mistake("WEIR1406", parameter.span, "an array");
      const local = parameterLocal(parameter.name, type, parameter.span);
      typing.declare(parameter, local);
      return local;
    });
    if (separate && parameters.length > MOST_ARGUMENTS) throw new Mistake("WEIR1407", span);
    return this.#finish(name, syntax, span, parameters, separate, typing);
  }

  #returnType(name: string, { returnType, body }: FunctionSyntax, span: Span): KernelType {
    const type = returnType && resolveType(returnType, this.constants);
    if (type !== undefined) return type;
    // An arrow function of one expression that is called for its effect needs no type either.
    if (body.every((statement) => statement.kind !== "return" || statement.value === undefined)) return voidType;
    throw new Mistake("WEIR1404", span, name);
  }

  #finish(
    name: string,
    syntax: FunctionSyntax,
    span: Span,
    parameters: readonly Local[],
    separate: boolean,
    typing: Typing,
  ): FunctionTree {
    const body = typeBody(syntax, typing);
    return Object.freeze({
      name,
      parameters,
      returnType: typing.returnType,
      separate,
      fresh: typing.returnsFresh,
      body,
      span,
    });
  }
}

const parameterLocal = (name: string, type: KernelType, span: Span): Local =>
  Object.freeze({ name, type, mutable: type.kind !== "record", fresh: false, span });

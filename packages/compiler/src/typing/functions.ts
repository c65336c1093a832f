import type { FunctionConstant, ProgramDeclaration } from "../constants/constant.ts";
import type { Constants } from "../constants/constants.ts";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { Span } from "../source-file.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { type KernelType, voidType } from "../types/kernel-type.ts";
import { isGeneric } from "./generic.ts";
import type { Instance } from "./instance.ts";
import { programParameter } from "./program-parameter.ts";
import { typeBody } from "./statement.ts";
import { Typing } from "./typing.ts";

const MOST_ARGUMENTS = 5;
/** Functions within each other while they are typed. More are a recursion that what is passed on hides. */
const DEEPEST = 64;

/** The functions of a file: each typed once, those with parameters that are known while compiling once for each different call. */
export class Functions {
  /** The scope of the file. */
  readonly constants: Constants;
  readonly reporter: Reporter;
  /** Undefined for a function in which there is a mistake. */
  readonly #trees = new Map<string, FunctionTree | undefined>();
  readonly #active = new Set<string>();
  readonly #ids = new Map<unknown, number>();
  readonly #names = new Map<string, number>();

  constructor(constants: Constants, reporter: Reporter) {
    this.constants = constants;
    this.reporter = reporter;
  }

  /** A function that is written in another one: its names may stand for variables of that. */
  isClosure({ scope }: FunctionConstant): boolean {
    return scope !== undefined && scope !== this.constants;
  }

  /** A number for anything, the same for the same. */
  id(of: unknown): number {
    const id = this.#ids.get(of) ?? this.#ids.size;
    this.#ids.set(of, id);
    return id;
  }

  /** Types a function that a file declares, though nothing may call it: unless that needs to know what it is called with. */
  declared(constant: FunctionConstant): void {
    if (!isGeneric(constant.function)) this.tree(constant, constant.span);
  }

  /** The function that is called at `call`. */
  tree(constant: FunctionConstant, call: Span, instance?: Instance): FunctionTree {
    const { function: syntax, name, scope } = constant;
    const closure = this.isClosure(constant) ? this.id(scope) : "";
    const key = `${this.id(syntax)} ${closure} ${instance?.key ?? ""}`;
    if (!this.#trees.has(key)) {
      if (this.#active.has(key) || this.#active.size > DEEPEST) throw new Mistake("WEIR1401", call, name);
      this.#active.add(key);
      this.#trees.set(
        key,
        this.reporter.attempt(() => this.#type(constant, instance)),
      );
      this.#active.delete(key);
    }
    const tree = this.#trees.get(key);
    if (tree === undefined) throw new Mistake(undefined, call);
    return tree;
  }

  /** The body of a program: what it is given, and what becomes of its result, its type says. */
  program({ name, kind, function: { function: syntax, scope } }: ProgramDeclaration, span: Span): FunctionTree {
    const constants = (scope ?? this.constants).inner({});
    const typing = new Typing(this, constants, kind.returns);
    const parameters = syntax.parameters.map((parameter) => {
      const local = parameterLocal(parameter.name, programParameter(kind, parameter, constants), parameter.span);
      typing.declare(parameter, local);
      return local;
    });
    const body = typeBody(syntax, typing);
    return this.#finish({ name, parameters, linkage: "inline", body, span }, typing);
  }

  #type(constant: FunctionConstant, instance: Instance | undefined): FunctionTree {
    const { name, function: syntax, linkage, span } = constant;
    const scope = instance?.scope ?? (constant.scope ?? this.constants).inner({});
    const typing = new Typing(this, scope, this.#returnType(constant, scope));
    typing.isInstance = instance !== undefined;
    const parameters: Local[] = [];
    for (const [index, parameter] of syntax.parameters.entries()) {
      const given = instance?.types[index];
      if (given === "constant") continue;
      const type = given ?? (parameter.type && resolveType(parameter.type, scope));
      if (type === undefined) throw new Mistake("WEIR1403", parameter.span, parameter.name);
      const isCalled = linkage === "static" || linkage === "global";
      if (isCalled && type.kind === "array") throw new Mistake("WEIR1406", parameter.span, "an array");
      const local = parameterLocal(parameter.name, type, parameter.span);
      typing.declare(parameter, local);
      parameters.push(local);
    }
    // What a function within a function is given beyond what it takes is computed all the same.
    for (const type of instance?.types.slice(syntax.parameters.length) ?? []) {
      if (type !== "constant") parameters.push(parameterLocal("", type, span));
    }
    if (linkage !== "inline" && parameters.length > MOST_ARGUMENTS) throw new Mistake("WEIR1407", span);
    const body = typeBody(syntax, typing);
    // A callback gets its name where it becomes code.
    const own = linkage === "inline" || linkage === "callback" ? name : this.#ownName(name);
    return this.#finish({ name: own, parameters, linkage, body, span }, typing);
  }

  /** Two functions that are called as such cannot share a name, though they come from the same text. */
  #ownName(name: string): string {
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  }

  /** Undefined where the first `return` says it: in functions within functions. */
  #returnType(constant: FunctionConstant, scope: Constants): KernelType | undefined {
    const { returnType, body }: FunctionSyntax = constant.function;
    const type = returnType && resolveType(returnType, scope);
    if (type !== undefined) return type;
    if (this.isClosure(constant)) return undefined;
    // A function that gives nothing needs no type.
    if (body.every((statement) => statement.kind !== "return" || statement.value === undefined)) return voidType;
    throw new Mistake("WEIR1404", constant.span, constant.name);
  }

  #finish(tree: Omit<FunctionTree, "returnType" | "fresh">, typing: Typing): FunctionTree {
    // What it gives may have been said by what is missing.
    if (typing.returnType === undefined && typing.failed) throw new Mistake(undefined, tree.span);
    return Object.freeze({ ...tree, returnType: typing.returnType ?? voidType, fresh: typing.returnsFresh });
  }
}

const parameterLocal = (name: string, type: KernelType, span: Span): Local =>
  Object.freeze({ name, type, mutable: type.kind !== "record", fresh: false, span });

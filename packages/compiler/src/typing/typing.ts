import type { Constants } from "../constants/constants.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { Declaration } from "../syntax/declaration.ts";
import type { ExpressionSyntax, NameSyntax } from "../syntax/expression.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { Statement } from "../tree/statement.ts";
import { booleanType, type KernelType } from "../types/kernel-type.ts";
import type { LayoutNames } from "../types/type-name.ts";
import { typeName } from "../types/type-name.ts";
import { coerce } from "./coerce.ts";
import { typeCondition } from "./condition.ts";
import { typeExpression } from "./expression.ts";
import type { Functions } from "./functions.ts";
import { JumpTargets } from "./jump-targets.ts";
import { typeStatements } from "./statement.ts";

/** What is known while the body of one function is typed. */
export class Typing {
  readonly functions: Functions;
  /** What names stand for where typing has come to. */
  constants: Constants;
  /** Undefined until the first `return` says it. */
  returnType: KernelType | undefined;
  readonly jumps = new JumpTargets();
  /** The function is typed for one kind of call, and other kinds may give its parameters other types. */
  isInstance = false;
  /** A statement is a mistake, and missing. */
  failed = false;
  /** Whether a `return` gives a record that the function made. */
  returnsFresh = false;

  constructor(functions: Functions, constants: Constants, returnType: KernelType | undefined) {
    this.functions = functions;
    this.constants = constants;
    this.returnType = returnType;
  }

  get reporter(): Reporter {
    return this.functions.reporter;
  }

  get layoutNames(): LayoutNames {
    return this.constants.layoutNames;
  }

  /** What `work` gives in a scope of its own, in which a name may stand for another constant each time. */
  inScope<T>(work: (scope: Constants) => T): T {
    const outer = this.constants;
    this.constants = outer.inner(outer.frame);
    try {
      return work(this.constants);
    } finally {
      this.constants = outer;
    }
  }

  statements(list: readonly StatementSyntax[]): readonly Statement[] {
    return typeStatements(list, this);
  }

  /** An expression; a literal takes the expected type, nothing else is converted. */
  expression(syntax: ExpressionSyntax, expected?: KernelType): Expression {
    return typeExpression(syntax, expected, this);
  }

  /** An expression as a value of a type. */
  value(syntax: ExpressionSyntax, type: KernelType): Expression {
    return coerce(this.expression(syntax, type), type, this.layoutNames);
  }

  condition(syntax: ExpressionSyntax): Expression {
    return typeCondition(syntax, this);
  }

  boolean(syntax: ExpressionSyntax): Expression {
    const node = this.expression(syntax, booleanType);
    if (node.type.kind === "boolean") return node;
    throw new Mistake("WEIR1108", syntax.span, "a boolean", typeName(node.type, this.layoutNames));
  }

  declare(declaration: Declaration, local: Local | undefined): void {
    this.constants.declareLocal(declaration, local);
  }

  /** Takes a name back that stands for no variable. */
  forget(declaration: Declaration): void {
    this.constants.forgetLocal(declaration);
  }

  /** The variable that a name stands for, if it stands for one. */
  local({ declaration, span }: NameSyntax): Local | undefined {
    return declaration === undefined ? undefined : this.constants.local(declaration, span);
  }
}

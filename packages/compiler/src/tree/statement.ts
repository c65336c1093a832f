import type { Span } from "../source-file.ts";
import type { Expression } from "./expression.ts";
import type { Local } from "./local.ts";
import type { Node } from "./node.ts";

/** Where `break` and `continue` go. Its identity is the object. */
export interface JumpTarget {
  readonly name: string;
}

export interface DeclareNode extends Node {
  readonly kind: "declare";
  readonly local: Local;
  /** Undefined: the variable is 0, false or null until it is assigned. */
  readonly initializer: Expression | undefined;
}

export interface ExpressionStatementNode extends Node {
  readonly kind: "expression";
  readonly expression: Expression;
}

export interface IfNode extends Node {
  readonly kind: "if";
  readonly condition: Expression;
  readonly whenTrue: Statement;
  readonly whenFalse: Statement | undefined;
}

export interface LoopNode extends Node {
  readonly kind: "loop";
  readonly target: JumpTarget;
  readonly condition: Expression | undefined;
  readonly bodyFirst: boolean;
  readonly update: Expression | undefined;
  readonly body: Statement;
}

/** A loop whose turns are known, each with a body of its own. `continue` goes to the next. */
export interface TurnsNode extends Node {
  readonly kind: "turns";
  readonly target: JumpTarget;
  readonly turns: readonly Statement[];
}

export interface SwitchNode extends Node {
  readonly kind: "switch";
  readonly target: JumpTarget;
  readonly subject: Expression;
  readonly clauses: readonly {
    /** In the subject's type; undefined for `default`. */
    readonly test: bigint | undefined;
    readonly body: readonly Statement[];
    readonly span: Span;
  }[];
}

export interface JumpNode extends Node {
  readonly kind: "break" | "continue";
  readonly target: JumpTarget;
}

export interface ReturnNode extends Node {
  readonly kind: "return";
  readonly value: Expression | undefined;
}

export interface BlockNode extends Node {
  readonly kind: "block";
  readonly body: readonly Statement[];
}

/** A statement with typed expressions. */
export type Statement =
  | DeclareNode
  | ExpressionStatementNode
  | IfNode
  | LoopNode
  | TurnsNode
  | SwitchNode
  | JumpNode
  | ReturnNode
  | BlockNode;

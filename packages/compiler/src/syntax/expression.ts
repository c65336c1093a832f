import type { Span } from "../source-file.ts";
import type { Declaration, VariableDeclaration } from "./declaration.ts";
import type { FunctionSyntax } from "./function.ts";
import type { ArithmeticOperator, BinaryOperator, UnaryOperator } from "./operators.ts";
import type { TypeSyntax } from "./type.ts";

export interface NameSyntax {
  readonly kind: "name";
  readonly name: string;
  /** What the name stands for; undefined when that is nothing a kernel program can use. */
  readonly declaration: Declaration | undefined;
  /** Whether TypeScript, which follows the comparisons with null, thinks that the value may be null here. */
  readonly mayBeNull: boolean;
  readonly span: Span;
}

export interface CallSyntax {
  readonly kind: "call";
  readonly callee: ExpressionSyntax;
  readonly typeArguments: readonly TypeSyntax[];
  readonly arguments: readonly ExpressionSyntax[];
  readonly span: Span;
}

export interface PropertySyntax {
  readonly kind: "property";
  readonly object: ExpressionSyntax;
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
}

export interface ObjectSyntax {
  readonly kind: "object";
  readonly properties: readonly {
    /** Undefined for `...value`. */
    readonly name: string | undefined;
    readonly value: ExpressionSyntax;
    readonly span: Span;
  }[];
  readonly span: Span;
}

/** `object?.field`: `value`, in which `found` stands for the object, where that is not null. */
export interface OptionalSyntax {
  readonly kind: "optional";
  readonly object: ExpressionSyntax;
  readonly found: VariableDeclaration;
  readonly value: ExpressionSyntax;
  readonly span: Span;
}

/** An expression as it is written: names are resolved, types are not known yet. */
export type ExpressionSyntax =
  | { readonly kind: "number"; readonly text: string; readonly value: number; readonly span: Span }
  | { readonly kind: "bigint"; readonly value: bigint; readonly span: Span }
  | { readonly kind: "string"; readonly value: string; readonly span: Span }
  | { readonly kind: "boolean"; readonly value: boolean; readonly span: Span }
  | { readonly kind: "null"; readonly span: Span }
  | NameSyntax
  | PropertySyntax
  | CallSyntax
  | ObjectSyntax
  | OptionalSyntax
  /** `left ?? right`. */
  | {
      readonly kind: "coalesce";
      readonly left: ExpressionSyntax;
      readonly right: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "element";
      readonly object: ExpressionSyntax;
      readonly index: ExpressionSyntax;
      readonly span: Span;
    }
  | { readonly kind: "list"; readonly elements: readonly ExpressionSyntax[]; readonly span: Span }
  | {
      readonly kind: "unary";
      readonly operator: UnaryOperator;
      readonly operand: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: ExpressionSyntax;
      readonly right: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "assign";
      /** Undefined for `=`. */
      readonly operator: ArithmeticOperator | undefined;
      readonly target: ExpressionSyntax;
      readonly value: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "step";
      readonly operator: "+" | "-";
      readonly prefix: boolean;
      readonly target: ExpressionSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "conditional";
      readonly condition: ExpressionSyntax;
      readonly whenTrue: ExpressionSyntax;
      readonly whenFalse: ExpressionSyntax;
      readonly span: Span;
    }
  | { readonly kind: "cast"; readonly operand: ExpressionSyntax; readonly type: TypeSyntax; readonly span: Span }
  | { readonly kind: "non-null"; readonly operand: ExpressionSyntax; readonly span: Span }
  | { readonly kind: "function"; readonly function: FunctionSyntax; readonly span: Span }
  | { readonly kind: "unsupported"; readonly what: string; readonly remedy: string | undefined; readonly span: Span };

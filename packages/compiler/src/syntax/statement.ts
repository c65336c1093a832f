import type { Span } from "../source-file.ts";
import type { FunctionDeclaration, VariableDeclaration } from "./declaration.ts";
import type { ExpressionSyntax } from "./expression.ts";

export interface SwitchClauseSyntax {
  /** Undefined for `default`. */
  readonly test: ExpressionSyntax | undefined;
  readonly body: readonly StatementSyntax[];
  readonly span: Span;
}

/** A statement as it is written. */
export type StatementSyntax =
  | { readonly kind: "block"; readonly body: readonly StatementSyntax[]; readonly span: Span }
  | { readonly kind: "variables"; readonly declarations: readonly VariableDeclaration[]; readonly span: Span }
  | { readonly kind: "function"; readonly declaration: FunctionDeclaration; readonly span: Span }
  | { readonly kind: "expression"; readonly expression: ExpressionSyntax; readonly span: Span }
  | {
      readonly kind: "if";
      readonly condition: ExpressionSyntax;
      readonly whenTrue: StatementSyntax;
      readonly whenFalse: StatementSyntax | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "loop";
      /** A statement that runs once before the loop, in its scope (`for`). */
      readonly initializer: StatementSyntax | undefined;
      readonly condition: ExpressionSyntax | undefined;
      /** `do … while`: the body runs before the condition is looked at. */
      readonly bodyFirst: boolean;
      readonly update: ExpressionSyntax | undefined;
      readonly body: StatementSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "for-of";
      /** What each turn gets, and what is taken out of it where it is a pattern. */
      readonly variable: VariableDeclaration;
      readonly parts: readonly VariableDeclaration[];
      readonly iterable: ExpressionSyntax;
      readonly body: StatementSyntax;
      readonly span: Span;
    }
  | {
      readonly kind: "switch";
      readonly subject: ExpressionSyntax;
      readonly clauses: readonly SwitchClauseSyntax[];
      readonly span: Span;
    }
  | { readonly kind: "break" | "continue"; readonly label: string | undefined; readonly span: Span }
  | { readonly kind: "labelled"; readonly label: string; readonly body: StatementSyntax; readonly span: Span }
  | { readonly kind: "return"; readonly value: ExpressionSyntax | undefined; readonly span: Span }
  | { readonly kind: "empty"; readonly span: Span }
  | { readonly kind: "unsupported"; readonly what: string; readonly remedy: string | undefined; readonly span: Span };

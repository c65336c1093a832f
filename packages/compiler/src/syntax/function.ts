import type { Span } from "../source-file.ts";
import type { ParameterDeclaration, TypeParameterDeclaration } from "./declaration.ts";
import type { StatementSyntax } from "./statement.ts";
import type { TypeSyntax } from "./type.ts";

/** A function as it is written: declared, or an arrow function. */
export interface FunctionSyntax {
  readonly typeParameters: readonly TypeParameterDeclaration[];
  readonly parameters: readonly ParameterDeclaration[];
  readonly returnType: TypeSyntax | undefined;
  /** An arrow function of one expression has one `return`. */
  readonly body: readonly StatementSyntax[];
  readonly span: Span;
}

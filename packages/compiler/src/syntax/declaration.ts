import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "./expression.ts";
import type { FunctionSyntax } from "./function.ts";
import type { TypeSyntax } from "./type.ts";

export interface VariableDeclaration {
  readonly kind: "variable";
  readonly name: string;
  readonly constant: boolean;
  /** Declared by a file, not inside a function. */
  readonly topLevel: boolean;
  readonly type: TypeSyntax | undefined;
  readonly initializer: ExpressionSyntax | undefined;
  readonly span: Span;
}

export interface FunctionDeclaration {
  readonly kind: "function";
  readonly name: string;
  readonly topLevel: boolean;
  readonly function: FunctionSyntax;
  readonly span: Span;
}

export interface ParameterDeclaration {
  readonly kind: "parameter";
  readonly name: string;
  readonly type: TypeSyntax | undefined;
  readonly span: Span;
}

export interface TypeDeclaration {
  readonly kind: "type";
  readonly name: string;
  readonly type: TypeSyntax;
  readonly span: Span;
}

/** An interface, which may describe a structure of the kernel. Its members are read when they are asked for. */
export interface InterfaceDeclaration {
  readonly kind: "interface";
  readonly name: string;
  /** What it extends. */
  readonly bases: readonly TypeSyntax[];
  member(name: string): TypeSyntax | undefined;
  readonly span: Span;
}

/** `T` of `function clamp<T extends u32 | u64>`. */
export interface TypeParameterDeclaration {
  readonly kind: "type-parameter";
  readonly name: string;
  readonly constraint: TypeSyntax | undefined;
  readonly span: Span;
}

/** A word that the language itself gives: `xdp`, `ntohs`, `struct`, `u16`. */
export interface WordDeclaration {
  readonly kind: "word";
  readonly name: string;
}

/** What a name can stand for. One object for each declaration, however often it is named. */
export type Declaration =
  | VariableDeclaration
  | FunctionDeclaration
  | ParameterDeclaration
  | TypeDeclaration
  | InterfaceDeclaration
  | TypeParameterDeclaration
  | WordDeclaration;

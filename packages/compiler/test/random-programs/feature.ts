import type { Generator } from "./generator.ts";
import type { Scope } from "./scope.ts";

/** Types in which is computed. */
export type Wide = "u32" | "u64" | "i32" | "i64";
export const WIDES = ["u32", "u64", "i32", "i64"] as const;

/** Text, and what can be named behind it. */
export interface Made {
  readonly text: string;
  readonly scope: Scope;
}

/** Undefined where the scope has nothing that it needs. */
export type StatementMaker = (scope: Scope, generator: Generator) => string | Made | undefined;
/** An expression of exactly the type. */
export type ExpressionMaker = (type: Wide, scope: Scope, depth: number, generator: Generator) => string | undefined;
export type ConditionMaker = (scope: Scope, depth: number, generator: Generator) => string | undefined;

export type Weighted<T> = readonly [weight: number, make: T];

/** A part of the language, and how random programs use it. Its words are imported when a program names them. */
export interface Feature {
  /** Words of `@weir/compiler/language`. */
  readonly words?: readonly string[];
  /** Lines at the top of the file. Records come first, then what is declared with them, then functions. */
  readonly declare?: (generator: Generator) => readonly string[];
  /** Lines behind those of all features' `declare`. */
  readonly functions?: (generator: Generator) => readonly string[];
  readonly statements?: readonly Weighted<StatementMaker>[];
  readonly expressions?: readonly Weighted<ExpressionMaker>[];
  readonly conditions?: readonly Weighted<ConditionMaker>[];
}

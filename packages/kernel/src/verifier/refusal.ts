import type { Evidence } from "./evidence.ts";
import type { ValueRange } from "./range.ts";

/** What the verifier refuses, by kinds. */
export type RefusalKind =
  | "packet-bounds"
  | "packet-end"
  | "stale-packet"
  | "null"
  | "map-bounds"
  | "memory-bounds"
  | "read-only"
  | "map-type"
  | "stack-bounds"
  | "stack-uninitialised"
  | "stack-size"
  | "call-depth"
  | "alignment"
  | "uninitialised"
  | "no-return-value"
  | "return-value"
  | "pointer-arithmetic"
  | "pointer-range"
  | "pointer-leak"
  | "number-as-pointer"
  | "context"
  | "kernel-structure"
  | "atomic"
  | "instruction"
  | "argument-type"
  | "argument-range"
  | "argument-constant"
  | "function-argument"
  | "helper"
  | "licence"
  | "relocation"
  | "kernel-function"
  | "reference"
  | "released"
  | "lock"
  | "timer"
  | "endless-loop"
  | "back-edge"
  | "too-large"
  | "too-complex"
  | "unreachable"
  | "control-flow"
  | "unknown";

/** Where the value that was refused comes from, or what made it unusable. */
export interface CauseSlot {
  readonly slot: number;
  /** A sentence's second half: "the index is read from a map's value there". */
  readonly words: string;
  /** What the value may be there; undefined when it is no number. */
  readonly range?: ValueRange | undefined;
}

/** What a refusal means for the one who wrote the program. */
export interface Explanation {
  /** What is wrong, in sentences. */
  readonly meaning: readonly string[];
  readonly cause?: CauseSlot | undefined;
  /** What to write instead, a sentence. */
  readonly fix?: string | undefined;
  /** The instruction to name, where it is another than the one at which the verifier gave up. */
  readonly slot?: number | undefined;
}

/** A complaint of the verifier's and what it means. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly pattern: RegExp;
  /** undefined when it is another kind after all, which a later row of the table has. */
  explain(found: RegExpExecArray, evidence: Evidence): Explanation | undefined;
}

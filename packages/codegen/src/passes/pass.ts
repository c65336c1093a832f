import type { IrFunction } from "../ir/function.ts";

/** The passes over the IR. Each can be left out: the code is the same, only slower. */
export const PASS_NAMES = [
  "simplify",
  "known-branches",
  "unroll-loops",
  "thread-paths",
  "merge-checks",
  "reduce-strength",
  "thread-constants",
  "hoist-invariants",
  "thread-jumps",
  "dead-code",
  "merge-returns",
] as const;

/** The name of a pass, as `--dump-after` and `without` take it. */
export type PassName = (typeof PASS_NAMES)[number];

/** One step from IR to better IR. Needs whole IR ({@link settle}) and leaves it whole. */
export type Pass = (irFunction: IrFunction) => void;

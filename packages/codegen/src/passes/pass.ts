import type { IrFunction } from "../ir/function.ts";

/** The passes over the IR. */
const IR_PASS_NAMES = [
  "simplify",
  "known-branches",
  "unroll-loops",
  "thread-paths",
  "correlate-branches",
  "merge-checks",
  "value-ranges",
  "merge-ranges",
  "merge-loads",
  "reduce-strength",
  "drop-unseen-bits",
  "thread-constants",
  "hoist-invariants",
  "sink-operations",
  "thread-jumps",
  "dead-code",
  "reuse-arguments",
  "merge-returns",
] as const;

/** The passes over the code, in the order in which they run. */
const CODE_PASS_NAMES = [
  "share-slots",
  "share-constants",
  "commute-operands",
  "split-lives",
  "join-moves",
  "merge-tails",
  "hoist-moves",
  "rotate-loops",
  "order-blocks",
] as const;

/**
 * All passes, those over the code behind. Each can be left out: the program does the same, only slower, in more instructions, or with
 * more stack.
 */
export const PASS_NAMES = [...IR_PASS_NAMES, ...CODE_PASS_NAMES] as const;

/** The name of a pass over the IR. */
export type IrPassName = (typeof IR_PASS_NAMES)[number];

/** The name of a pass over the code. */
export type CodePassName = (typeof CODE_PASS_NAMES)[number];

/** The name of a pass, as `--dump-after` and `without` take it. */
export type PassName = (typeof PASS_NAMES)[number];

/** One step from IR to better IR. Needs whole IR ({@link settle}) and leaves it whole. */
export type Pass = (irFunction: IrFunction) => void;

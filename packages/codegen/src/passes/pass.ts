import type { IrFunction } from "../ir/function.ts";

/** The passes over the IR, in the order in which they run. Each can be left out: the code is the same, only slower. */
export const PASS_NAMES = ["simplify", "known-branches", "dead-code", "thread-jumps", "merge-returns"] as const;

export type PassName = (typeof PASS_NAMES)[number];

/** One step from IR to better IR. Needs whole IR ({@link settle}) and leaves it whole. */
export type Pass = (irFunction: IrFunction) => void;

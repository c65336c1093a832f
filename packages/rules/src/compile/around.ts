import type { SourcePosition } from "@weir/codegen";

/** Where code comes from that belongs to no rule: the kernel wants to know of each function where it comes from. */
export const AROUND: SourcePosition = { file: "rules", line: 1, column: 1, text: "around all rules" };

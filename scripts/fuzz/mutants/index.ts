import { code } from "./code.ts";
import { folding } from "./folding.ts";
import { lowering } from "./lowering.ts";
import type { Mutant } from "./mutant.ts";
import { passes } from "./passes.ts";

/** The compiler's rules, each broken once. */
export const mutants: readonly Mutant[] = [...lowering, ...folding, ...passes, ...code];

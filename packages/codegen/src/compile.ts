import type { Instruction, Reference } from "@weir/bytecode";
import type { CodeFunction } from "./code/code.ts";
import { link } from "./emit/link.ts";
import { generateCode } from "./generate-code.ts";
import type { IrFunction } from "./ir/function.ts";
import type { SourcePosition } from "./ir/position.ts";
import { printFunction } from "./ir/print.ts";
import { settle } from "./ir/settle.ts";
import { verifyFunction } from "./ir/verify.ts";
import { correlateBranches } from "./passes/correlate-branches.ts";
import { removeDeadCode } from "./passes/dead-code.ts";
import { dropUnseenBits } from "./passes/drop-unseen-bits.ts";
import { hoistInvariants } from "./passes/hoist-invariants.ts";
import { decideKnownBranches } from "./passes/known-branches.ts";
import { mergeChecks } from "./passes/merge-checks.ts";
import { mergeLoads } from "./passes/merge-loads.ts";
import { mergeRanges } from "./passes/merge-ranges.ts";
import { mergeReturns } from "./passes/merge-returns.ts";
import type { IrPassName, Pass, PassName } from "./passes/pass.ts";
import { reduceStrength } from "./passes/reduce-strength.ts";
import { reuseArguments } from "./passes/reuse-arguments.ts";
import { simplify } from "./passes/simplify.ts";
import { sinkOperations } from "./passes/sink-operations.ts";
import { threadConstants } from "./passes/thread-constants.ts";
import { threadJumps } from "./passes/thread-jumps.ts";
import { threadPaths } from "./passes/thread-paths.ts";
import { unrollLoops } from "./passes/unroll-loops.ts";
import { useValueRanges } from "./passes/value-ranges.ts";

/** How to compile; all of it is for tests and for people who look into the compiler. */
export interface CompileOptions {
  /** Passes to leave out. */
  readonly without?: readonly PassName[];
  /** How many of the ten registers may be used: 3 to 10. */
  readonly registers?: number;
  /** Check the IR after each pass. */
  readonly verify?: boolean;
  /** Called with the IR as text after the building (`"build"`) and after each pass over it; after those over the code with the code. */
  readonly dump?: (pass: PassName | "build", text: string) => void;
}

/** A program as code: a list of instruction slots, with what the loader and the debugger need to know of them. */
export interface CompiledProgram {
  readonly instructions: readonly Instruction[];
  readonly references: readonly Reference[];
  /** Where each function starts, in the order of slots; the program itself is the first. */
  readonly functions: readonly { readonly slot: number; readonly name: string }[];
  /** Where the source position changes, in the order of slots. */
  readonly lines: readonly { readonly slot: number; readonly position: SourcePosition }[];
}

const PASSES: Readonly<Record<IrPassName, Pass>> = {
  simplify,
  "known-branches": decideKnownBranches,
  "unroll-loops": unrollLoops,
  "thread-paths": threadPaths,
  "correlate-branches": correlateBranches,
  "merge-checks": mergeChecks,
  "value-ranges": useValueRanges,
  "merge-ranges": mergeRanges,
  "merge-loads": mergeLoads,
  "reduce-strength": reduceStrength,
  "drop-unseen-bits": dropUnseenBits,
  "thread-constants": threadConstants,
  "hoist-invariants": hoistInvariants,
  "sink-operations": sinkOperations,
  "dead-code": removeDeadCode,
  "thread-jumps": threadJumps,
  "reuse-arguments": reuseArguments,
  "merge-returns": mergeReturns,
};

/** The order in which passes run; folding comes again when threading has made phis known. */
const PIPELINE: readonly IrPassName[] = [
  "simplify",
  "known-branches",
  "unroll-loops",
  "simplify",
  "thread-paths",
  "thread-constants",
  "thread-jumps",
  "correlate-branches",
  "merge-checks",
  "known-branches",
  "value-ranges",
  "merge-ranges",
  "merge-loads",
  "hoist-invariants",
  "reduce-strength",
  "drop-unseen-bits",
  "simplify",
  "sink-operations",
  "dead-code",
  "reuse-arguments",
  "thread-jumps",
  "merge-returns",
];

/** The code of `name` and of the functions that it calls. */
export function compileProgram(
  functions: ReadonlyMap<string, IrFunction>,
  name: string,
  options: CompileOptions,
): CompiledProgram {
  return link(name, (wanted) => {
    const irFunction = functions.get(wanted);
    if (irFunction === undefined) throw new Error(`there is no function ${wanted}`);
    return compileFunction(irFunction, wanted !== name, options);
  });
}

function compileFunction(irFunction: IrFunction, isCalled: boolean, options: CompileOptions): CodeFunction {
  const { without = [], registers, verify = false, dump } = options;
  settle(irFunction);
  if (verify) verifyFunction(irFunction);
  dump?.("build", printFunction(irFunction));
  for (const name of PIPELINE) {
    if (without.includes(name)) continue;
    PASSES[name](irFunction);
    if (verify) verifyFunction(irFunction);
    dump?.(name, printFunction(irFunction));
  }
  return generateCode(irFunction, { isCalled, runs: (pass) => !without.includes(pass), registers, dump });
}

/** `hunt.ts PROGRAMS FILE`: runs random programs until one shows that the compiler is broken in a file, and says which. */
import { CodegenError } from "../../packages/codegen/src/index.ts";
import { differenceOf, WAYS } from "../../packages/codegen/test/random-programs/trial.ts";
import { runTrial } from "../../packages/compiler/test/random-programs/trial.ts";

/** Programs of the back end for one of the whole language: they are made and run much faster. */
const SHARE = 40;

const [limit, isBackEnd] = [Number(process.argv[2]), process.argv[3]?.startsWith("codegen/")];
process.stdout.write(hunt() ?? "");

function hunt(): string | undefined {
  for (let seed = 0; seed < limit; seed++) {
    for (let small = seed * SHARE; isBackEnd && small < (seed + 1) * SHARE; small++) {
      const found = ofBackEnd(small);
      if (found !== undefined) return `${found} in program ${small} of the back end`;
    }
    const result = runTrial(seed, { kernel: false });
    if (result.kind === "fails") return `${result.failure.kind} in program ${seed}`;
  }
  return undefined;
}

function ofBackEnd(seed: number): string | undefined {
  const [, options] = WAYS[seed % WAYS.length] ?? ["", {}];
  try {
    return differenceOf(seed, options) === undefined ? undefined : "difference";
  } catch (error) {
    // A compiler that works throws nothing else: without passes there may be too little stack.
    return error instanceof CodegenError ? undefined : "exception";
  }
}

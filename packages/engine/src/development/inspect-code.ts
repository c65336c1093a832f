import { listProgram, type ProgramSpec, stackUse } from "@weir/bytecode";
import { calledFunctions } from "../called-functions.ts";
import type { InspectedCode } from "./inspected.ts";

/** What can be read in the instructions of a program. */
export function inspectCode(program: ProgramSpec, btf: Uint8Array | undefined): InspectedCode {
  return {
    instructions: program.instructions.length,
    functions: stackUse(program, btf).map(({ name, start, end, bytes, deepest, calls }) => ({
      name,
      instructions: end - start,
      stack: bytes,
      deepest,
      calls,
    })),
    helpers: [...new Set(calledFunctions(program))].sort(),
    listing: listProgram(program, btf),
  };
}

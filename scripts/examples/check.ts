import { fileURLToPath } from "node:url";
import { compileKernel } from "./compile-kernel.ts";
import type { Example, Problem } from "./example.ts";
import { Stage } from "./stage.ts";
import { typeCheck } from "./type-check.ts";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What is wrong with examples: those of user space have to pass the type checker, those for the kernel its compiler. */
export function problemsOf(examples: readonly Example[]): Problem[] {
  using stage = new Stage(ROOT, examples);
  return [...typeCheck(stage), ...compileKernel(stage)];
}

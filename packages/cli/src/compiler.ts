import type * as compiler from "@weir/compiler";
import { CliError } from "./failure.ts";

/** The part of the compiler that the commands use. */
export type Compiler = Pick<
  typeof compiler,
  "Source" | "formatDiagnostics" | "PASS_NAMES" | "kernelTypes" | "UnknownKernelType"
>;

/**
 * Loads the compiler, which only those install who write programs of their own: TypeScript is ten times as large as weir.
 *
 * @throws {CliError} `WEIR_TOOL` when it is not installed
 */
export async function loadCompiler(): Promise<Compiler> {
  try {
    return await import("@weir/compiler");
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new CliError(
      "WEIR_TOOL",
      "this command compiles TypeScript, and the compiler is not installed\n  Install it beside weir: npm install --save-dev @weir/compiler",
    );
  }
}

/** Whether it is the compiler itself that cannot be found, and not a part of it. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const notFound = error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
  return notFound && /'@weir\/compiler'/.test(error.message);
}

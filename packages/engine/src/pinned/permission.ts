import { EngineError } from "../errors.ts";

/** Runs file system calls in `path`; being denied them is told as what it is. */
export function permitted<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM")))
      throw error;
    throw new EngineError("WEIR_PERMISSION", `${path} may not be used: ${error.message}\n  Run it as root.`, {
      cause: error,
    });
  }
}

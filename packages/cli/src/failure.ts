import { DEFECT, type ExitCode, FAILURES, type FailureCode } from "./exit-codes.ts";
import { printableLines } from "./text/printable.ts";

/** A failure that the command line finds by itself; the message says what to do. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** What is printed of an error, and how the process ends with it. */
export interface Failure {
  readonly text: string;
  readonly exit: ExitCode;
}

/** An error of weir is told by its `code`, not by its class: it may come from another copy of a package. */
export function failureOf(error: unknown): Failure {
  const exit = knownExit(error);
  const message = error instanceof Error ? error.message : String(error);
  if (exit) return { text: `weir: ${printableLines(message)}\n`, exit };
  const hint = "This is a defect of weir. Set WEIR_TRACE=1 to see where it happened, and please report it.";
  return { text: `weir: ${printableLines(message)}\n  ${hint}\n`, exit: DEFECT };
}

function knownExit(error: unknown): ExitCode | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const failures: Readonly<Record<string, ExitCode>> = FAILURES;
  const attaching =
    "attempted" in error && (error.attempted === "BPF_LINK_CREATE" || error.attempted === "RTM_SETLINK");
  if (attaching && (error.code === "WEIR_NOT_SUPPORTED" || error.code === "WEIR_KERNEL")) return FAILURES.WEIR_MODE;
  if (Object.hasOwn(failures, error.code)) return failures[error.code];
  // The kernel package has finer codes than there are exit codes; they all say that the kernel did not do it.
  return error.code.startsWith("WEIR_") ? FAILURES.WEIR_KERNEL : undefined;
}

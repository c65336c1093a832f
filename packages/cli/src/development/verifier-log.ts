import { Option } from "commander";
import type { Session } from "../session.ts";
import { printable } from "../text/printable.ts";

export const verifierLogOption = (): Option =>
  new Option("--verifier-log", "print all that the verifier wrote when it refuses a program");

/** Does what may be refused; of a refusal all that the verifier wrote is written, if that is asked for. */
export function loggingRefusals<T>(isAskedFor: true | undefined, errors: Session["errors"], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isAskedFor) for (const line of verifierLog(error)) errors.write(`${line}\n`);
    throw error;
  }
}

/** All that the verifier wrote of a program that it refused; nothing of other errors. */
export function verifierLog(error: unknown): readonly string[] {
  const log = error instanceof Error && "log" in error ? error.log : undefined;
  return Array.isArray(log) ? log.map((line) => printable(String(line))) : [];
}

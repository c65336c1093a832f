import { Option } from "commander";
import { printable } from "../text/printable.ts";

export const verifierLogOption = (): Option =>
  new Option("--verifier-log", "print all that the verifier wrote when it refuses a program");

/** All that the verifier wrote of a program that it refused; nothing of other errors. */
export function verifierLog(error: unknown): readonly string[] {
  const log = error instanceof Error && "log" in error ? error.log : undefined;
  return Array.isArray(log) ? log.map((line) => printable(String(line))) : [];
}

import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CliError } from "../failure.ts";

/**
 * Writes a file. Who opens it meanwhile gets the old one or the new one, and never a part.
 *
 * @throws {CliError} `WEIR_OUTPUT`
 */
export function replaceFile(file: string, content: string | Uint8Array): void {
  // A device or a pipe must not be replaced by a file.
  const direct = statSync(file, { throwIfNoEntry: false })?.isFile() === false;
  const target = direct ? file : join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    writeFileSync(target, content);
    if (!direct) renameSync(target, file);
  } catch (error) {
    if (!direct) rmSync(target, { force: true });
    throw new CliError("WEIR_OUTPUT", `${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type ObjectSpec, writeObject } from "@weir/bytecode";
import { CliError } from "../failure.ts";

/** The name of a kernel file's object, in the working directory: `drop.o` for `src/drop.bpf.ts`. */
export function objectFileOf(source: string): string {
  return `${basename(source).replace(/(\.bpf)?\.[cm]?ts$/, "")}.o`;
}

/**
 * Writes an object; gives its size in bytes. Who opens the file meanwhile gets the old one or the new one, and never a part.
 *
 * @throws {CliError} `WEIR_OUTPUT`
 */
export function writeObjectFile(file: string, object: ObjectSpec): number {
  const bytes = writeObject(object);
  // A device or a pipe must not be replaced by a file.
  const direct = statSync(file, { throwIfNoEntry: false })?.isFile() === false;
  const target = direct ? file : join(dirname(file), `.${basename(file)}.${process.pid}`);
  try {
    writeFileSync(target, bytes);
    if (!direct) renameSync(target, file);
    return bytes.length;
  } catch (error) {
    if (!direct) rmSync(target, { force: true });
    throw new CliError("WEIR_OUTPUT", `${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

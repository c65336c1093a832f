import { statSync } from "node:fs";
import type { Session } from "../session.ts";

/**
 * The path of a capture file that is read, where `-` is standard input. Waiting for a pipe's next byte holds everything up, also what would look
 * after signals: so those end the process then.
 */
export function capturePath(file: string, session: Session): string {
  const path = file === "-" ? "/dev/stdin" : file;
  if (!isFile(path)) session.letSignalsEnd();
  return path;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // What is wrong with it, opening it will say.
    return true;
  }
}

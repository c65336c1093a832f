import { readFileSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";

/** What is in a file of `/proc` or `/sys`; undefined where there is no such file, or this process may not read it. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

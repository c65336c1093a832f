import { readFileSync } from "node:fs";

/** The version of weir. */
export function version(): string {
  // Our own package.json, which has a version.
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}

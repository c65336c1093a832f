import { lstatSync, mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { userInfo } from "node:os";
import { join } from "node:path";

/** May write into a folder besides its owner: its group, and all. */
const OTHERS_WRITE = 0o022;

/**
 * Keeps what V8 makes of weir's code in `~/.cache/weir` for the next time: a quarter of what a short command takes. Not where
 * Node would, among the temporary files of all users: what is kept there is run, and weir often by root.
 */
export function keepCompiledCode(): void {
  const folder = cacheFolder(homeFolder());
  if (folder !== undefined) enableCompileCache(folder);
}

/** Not by HOME, which `sudo` may leave as it was. */
function homeFolder(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // A user without an entry in the table of users.
    return undefined;
  }
}

/** weir's folder in a home's `.cache`, made where there is none; undefined where somebody else may write, or nobody can: it only takes longer then. */
export function cacheFolder(home: string | undefined): string | undefined {
  if (home === undefined) return undefined;
  const cache = join(home, ".cache");
  const folder = join(cache, "weir");
  try {
    return isOwn(home) && isMade(cache) && isMade(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether there is a folder of the user's own now. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, which is seen now, or it cannot be made.
  }
  return isOwn(folder);
}

function isOwn(folder: string): boolean {
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === process.geteuid?.() && (found.mode & OTHERS_WRITE) === 0;
}

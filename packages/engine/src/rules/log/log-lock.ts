import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "@weir/kernel";
import { EngineError } from "../../errors.ts";
import { removeIfEmpty } from "../../pinned/removal.ts";

/** Beside the pins of a monitor; it is empty, and there while somebody reads, or after one was killed. */
const LOG_READER = "log-reader";

/**
 * Keeps others from reading the log of a monitor's rules, as long as this lives: a record is there for one reader.
 *
 * @param directory of the monitor's pins
 * @throws {EngineError} `WEIR_BUSY` when another process reads it
 */
export function lockLog(directory: string, name: string): Disposable {
  const path = join(directory, LOG_READER);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Left by one that was killed, or of one that reads now.
    if (!existsSync(path)) throw error;
  }
  const lock = lockDirectory(path, 0);
  if (lock !== undefined) {
    return {
      [Symbol.dispose]: () => {
        removeIfEmpty(path);
        lock[Symbol.dispose]();
      },
    };
  }
  throw new EngineError(
    "WEIR_BUSY",
    `another process reads the log of the rules on ${name}, and each record is there for one reader\n` +
      `  See which process that is: fuser --verbose ${path}. End it, or look at what it prints.`,
  );
}

import { readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hasCode } from "@weir/kernel";
import { randomBytes } from "../random-bytes.ts";
import { directoriesIn, namespaceDirectory, type PinPlace } from "./pin-place.ts";
import { takeOff } from "./pinned-attachment.ts";

/**
 * A directory beside the monitors' own, with pins that are not complete yet or not any more. Its name tells the process at
 * work on it; when that is gone, whoever comes next removes it.
 */
export function temporaryDirectory(namespace: string, index: number): string {
  return join(namespace, `pid${process.pid}-${index}-${randomBytes(4).toString("hex")}`);
}

/** Whether a directory is one that a process, still running, has for the interface with this index. */
export function isAtWork(directory: string, index: number): boolean {
  const owner = ownerOf(directory);
  return owner?.index === index && isRunning(owner.pid);
}

function ownerOf(directory: string): { readonly pid: number; readonly index: number } | undefined {
  const found = /^pid(\d+)-(\d+)-/.exec(basename(directory));
  return found === null ? undefined : { pid: Number(found[1]), index: Number(found[2]) };
}

/**
 * Takes a monitor's directory away from its place, so that nobody else works on it; undefined when another process was
 * quicker.
 */
export function claim({ directory, index }: Omit<PinPlace, "name">): string | undefined {
  const claimed = temporaryDirectory(dirname(directory), index);
  try {
    renameSync(directory, claimed);
    return claimed;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** The same with a directory that a process has left unfinished; undefined when it is none. */
export function claimAbandoned(directory: string): string | undefined {
  const owner = ownerOf(directory);
  if (owner === undefined || isRunning(owner.pid)) return undefined;
  return claim({ directory, index: owner.index });
}

/** Detaches what a claimed directory keeps attached and removes it. */
export function removeClaimed(directory: string): void {
  const owner = ownerOf(directory);
  if (owner !== undefined) takeOff(directory, owner.index);
  removePins(directory);
  removeIfEmpty(dirname(directory));
}

/** Detaches and removes what processes of this network namespace have left that were killed. */
export function removeAbandoned(): void {
  for (const directory of directoriesIn(namespaceDirectory())) {
    const claimed = claimAbandoned(directory);
    if (claimed !== undefined) removeClaimed(claimed);
  }
}

/** Removes a directory with all pins and directories in it. */
export function removePins(directory: string): void {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) removePins(path);
    else unlinkSync(path);
  }
  rmdirSync(directory);
}

/** Removes the directory of a namespace that has no monitors any more. */
export function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty, or gone already.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

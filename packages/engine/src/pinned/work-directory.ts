import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { hasCode, lockDirectory, type NetworkInterface } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { randomBytes } from "../random-bytes.ts";
import { ensureBpfFileSystem } from "./bpf-file-system.ts";
import { permitted } from "./permission.ts";
import { namespaceDirectory } from "./pin-place.ts";

/**
 * A directory beside the monitors' own, with pins for an interface that are not complete, or that stay as long as their process. It is locked
 * while that is so: the kernel takes the lock back however the process ends, and whoever comes next removes one that nobody has locked.
 */
export interface WorkDirectory extends Disposable {
  readonly directory: string;
  /** The interface's. */
  readonly index: number;
}

/** Milliseconds to wait for a process that takes a new directory for an abandoned one, until it has removed it. */
const PATIENCE = 1000;

/** Makes one, which this process has until it is disposed of. */
export function makeWorkDirectory({ index }: NetworkInterface): WorkDirectory {
  ensureBpfFileSystem();
  for (;;) {
    const directory = join(namespaceDirectory(), `work-${index}-${randomBytes(4).toString("hex")}`);
    permitted(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
    // Until it is locked, others take it for abandoned and remove it, which does no harm: it is empty.
    const lock = ifFound(() => lockDirectory(directory, PATIENCE));
    if (lock !== undefined) return { directory, index, [Symbol.dispose]: () => lock[Symbol.dispose]() };
  }
}

/** A directory that a process has left behind that was killed, for this process to remove; undefined when it is none. */
export function abandonedAt(directory: string): WorkDirectory | undefined {
  const [, pid, index] = /^(?:pid(\d+)|work)-(\d+)-/.exec(basename(directory)) ?? [];
  if (index === undefined) return undefined;
  // Earlier versions did not lock theirs, and had the number of their process in its name.
  if (pid !== undefined && isRunning(Number(pid))) return undefined;
  const lock = ifFound(() => lockDirectory(directory, 0));
  return lock && { directory, index: Number(index), [Symbol.dispose]: () => lock[Symbol.dispose]() };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { lockDirectory } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { bpfFileSystem, ensureBpfFileSystem } from "../pinned/bpf-file-system.ts";
import { permitted } from "../pinned/permission.ts";

/**
 * Where all who follow libxdp's protocol keep the pins of dispatchers: `/sys/fs/bpf/xdp`, or in the BPF file system that the environment's
 * `LIBXDP_BPFFS` names.
 */
export function dispatcherFolder(): string {
  return join(process.env.LIBXDP_BPFFS ?? bpfFileSystem(), "xdp");
}

/** Milliseconds to wait for others: a change takes some hundreds of them. */
const PATIENCE = 30_000;

/**
 * Makes the folder where it is missing, and keeps out whoever else changes dispatchers until the result is disposed of. libxdp takes this
 * lock for reading and writing pins only, not for the whole of a change.
 */
export function lockDispatchers(): Disposable {
  if (process.env.LIBXDP_BPFFS === undefined) ensureBpfFileSystem();
  const folder = dispatcherFolder();
  permitted(folder, () => mkdirSync(folder, { recursive: true, mode: 0o700 }));
  const lock = lockDirectory(folder, PATIENCE);
  if (lock !== undefined) return lock;
  throw new EngineError(
    "WEIR_BUSY",
    `another process has been changing dispatchers for ${PATIENCE / 1000} s\n  See which process that is: fuser --verbose ${folder}.`,
  );
}

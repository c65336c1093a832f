import { statSync } from "node:fs";
import { join } from "node:path";
import { BpfMap, readBtf } from "@weir/kernel";
import { INDEX_MAPS, MAPS, type NamedMaps, SAMPLE_MAPS } from "../monitor/monitor-maps.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { pathInside } from "./bpf-file-system.ts";
import { permitted } from "./permission.ts";
import { directoriesIn } from "./pin-place.ts";
import { hasOwnTypes } from "./record-types.ts";

/**
 * The pins that belong to one program of a monitor: its maps, its settings, what it carried over and, where netlink attached it, the
 * program. They lie in a directory of their own, named by the program's id. So what is in force is decided by which program is on the
 * interface, and changes with it at one stroke.
 */
export function generationDirectory(directory: string, programId: number): string {
  return join(directory, `program-${programId}`);
}

/** The ids of programs that have pins in a monitor's directory. */
export function generationsIn(directory: string): number[] {
  return directoriesIn(directory).flatMap((path) => {
    const id = /\/program-(\d+)$/.exec(path)?.[1];
    return id === undefined ? [] : Number(id);
  });
}

/** Where the pins of a program are. The first version of weir had them in the monitor's directory itself. */
export function pinsOf(directory: string, programId: number): string {
  const generation = generationDirectory(directory, programId);
  return isThere(generation) ? generation : directory;
}

/** Where the pins of the program of an attached monitor are. */
export function pinsOn({ directory, programId }: Pick<PinnedMonitor, "directory" | "programId">): string {
  return pinsOf(pathInside(directory), programId);
}

/** Whether a path leads to something. Not by access(2), for which the capabilities of whoever is not root do not count. */
export function isThere(path: string): boolean {
  return permitted(path, () => statSync(path, { throwIfNoEntry: false })) !== undefined;
}

/** The pin of a program that netlink attached. */
export const PROGRAM = "program";

export const SETTINGS = "settings";

/** The pin in a monitor's own directory that says that its rules wait to be confirmed, and what it is called when they were. */
export const UNCONFIRMED = "unconfirmed";
export const CONFIRMED = "confirmed";

/** The directories with maps of earlier programs that were carried over. */
export function carriedIn(pins: string): string[] {
  return directoriesIn(pins).filter((path) => /\/carried-\d+$/.test(path));
}

/** The directory for the maps of an earlier program. */
export function carriedDirectory(pins: string, number: number): string {
  return join(pins, `carried-${number}`);
}

/**
 * Opens the maps that are pinned in a directory.
 *
 * @throws {KernelError} `WEIR_NOT_FOUND`; `WEIR_PERMISSION` when another version pinned them, whose types this process may not read
 */
export function openMapsIn(directory: string, stack: DisposableStack): NamedMaps {
  const names = [...MAPS, ...[...SAMPLE_MAPS, ...INDEX_MAPS].filter((name) => isThere(join(directory, name)))];
  const maps = names.map((name) => [name, stack.use(BpfMap.open(join(directory, name)))] as const);
  if (!hasOwnTypes(directory)) for (const [, { info }] of maps) if (info.btfId !== 0) readBtf(info.btfId);
  return new Map(maps);
}

import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { hasCode } from "@weir/kernel";
import { currentNamespace } from "../dispatcher/namespaces.ts";
import { bpfFileSystem } from "./bpf-file-system.ts";
import { permitted } from "./permission.ts";

/** The directories of all monitors; in it one for each network namespace, since interface indexes are its own. */
export const pinRoot = (): string => join(bpfFileSystem(), "weir");

/** Where the pins of one monitor are: named by index, which stays, and by the interface's name at attach. */
export interface PinPlace {
  readonly index: number;
  readonly name: string;
  readonly directory: string;
}

/** The directory for the monitors of this process's network namespace. */
export function namespaceDirectory(): string {
  return join(pinRoot(), String(currentNamespace()));
}

export function placeOf(index: number, name: string): PinPlace {
  return { index, name, directory: join(namespaceDirectory(), `${index}-${encode(name)}`) };
}

/** The place that a directory is, or undefined when it is none. */
export function parsePlace(directory: string): PinPlace | undefined {
  const found = /^(\d+)-(.+)$/.exec(basename(directory));
  if (found === null) return undefined;
  const [, index, name] = found;
  return { index: Number(index), name: decodeURIComponent(name ?? ""), directory };
}

/** The number of the network namespace whose monitors have a directory like this one. */
export const namespaceOf = (directory: string): number => Number(basename(dirname(directory)));

/** The directories inside of one, none when it does not exist. One that may not be looked at does not pass for that. */
export function directoriesIn(directory: string): string[] {
  try {
    return permitted(directory, () => readdirSync(directory)).map((name) => join(directory, name));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** An interface's name may hold all but a slash, a colon and white space; the BPF file system keeps dots for itself. */
function encode(name: string): string {
  return encodeURIComponent(name).replaceAll(".", "%2E");
}

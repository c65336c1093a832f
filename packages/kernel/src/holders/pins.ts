import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { kindOf, openPinned } from "../bpf/object-path.ts";
import { hasCode } from "../errors/has-code.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { linkInfo } from "../links/links.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import type { Held, Pin } from "./holder.ts";

/** What is pinned where this process can see it. */
export interface PinSearch {
  readonly pins: readonly Pin[];
  /** Directories and pins that it may not look at. */
  readonly unseen: readonly string[];
}

/**
 * All pins of programs and links: in the BPF file systems that are mounted for this process, and in those for the first one of the
 * system, which `ip netns exec` and containers hide from it.
 */
export function searchPins(): PinSearch {
  const pins: Pin[] = [];
  const unseen: string[] = [];
  const directories = fileSystems();
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const entry of entriesOf(directory, unseen)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) directories.push(path);
      // The kernel's own files in there, such as `maps.debug`, are pinned links of iterators.
      else if (entry.isFile()) {
        const held = pinnedAt(path, unseen);
        if (held !== undefined) pins.push({ by: "pin", path, held });
      }
    }
  }
  return { pins, unseen };
}

/** Where BPF file systems are mounted, each once. */
function fileSystems(): string[] {
  const found = new Map<number, string>();
  for (const [process, root] of [
    ["self", ""],
    ["1", "/proc/1/root"],
  ] as const) {
    for (const place of mountPoints(process)) {
      const path = root + place;
      const device = deviceOf(path);
      if (device !== undefined && !found.has(device)) found.set(device, path);
    }
  }
  return [...found.values()];
}

function mountPoints(process: string): string[] {
  try {
    return bpfMounts(readFileSync(`/proc/${process}/mounts`, "utf8"));
  } catch (error) {
    // Another process's are for the privileged.
    if (hasCode(error, "ENOENT", "EACCES", "EPERM", "EINVAL")) return [];
    throw error;
  }
}

/** The mount points of BPF file systems in a list of mounts, as proc(5) writes it: white space and backslashes in octal. */
export function bpfMounts(mounts: string): string[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([, place, type]) => (type === "bpf" && place !== undefined ? [place] : []))
    .map((place) =>
      place.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

function deviceOf(path: string): number | undefined {
  try {
    return statSync(path).dev;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "EPERM")) return undefined;
    throw error;
  }
}

function entriesOf(directory: string, unseen: string[]) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, "EACCES", "EPERM")) unseen.push(directory);
    else if (!hasCode(error, "ENOENT")) throw error;
    return [];
  }
}

function pinnedAt(path: string, unseen: string[]): Held | undefined {
  try {
    using descriptor = openPinned(path, "map, program or link");
    const kind = kindOf(descriptor);
    if (kind === "link") {
      const { id, programId } = linkInfo(descriptor);
      return { kind, linkId: id, programId };
    }
    if (kind !== "program") return undefined;
    using program = BpfProgram.open(path);
    return { kind, programId: program.id };
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    // What was unpinned meanwhile holds nothing.
    if (!error.isNotFound) unseen.push(path);
    return undefined;
  }
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BpfProgram, ExtensionTarget, NetworkInterface } from "@weir/kernel";
import { joinDispatcher } from "../dispatcher/join.ts";
import type { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import type { Mode } from "../mode.ts";
import type { SharingSettings } from "../monitor/check-options.ts";
import { needsFrags } from "../monitor/usable-interface.ts";
import { ensureBpfFileSystem } from "./bpf-file-system.ts";
import { generationDirectory, PROGRAM } from "./generation.ts";
import { permitted } from "./permission.ts";
import { namespaceDirectory } from "./pin-place.ts";
import { removeAbandoned, removeClaimed, temporaryDirectory } from "./removal.ts";

/** A program of weir that is in the kernel when it has a place. */
export interface Extending {
  /** The whole of its name. */
  readonly name: string;
  /** Loads it to take the place of a dispatcher's function. */
  extend(place: ExtensionTarget): BpfProgram;
}

/**
 * Puts a program among the programs of a dispatcher as long as the attachment is not disposed of. The dispatcher's pins keep it there when this
 * process is killed: a directory with the process's number tells whoever comes next, and takes it out.
 */
export function attachHeld(
  loaded: Extending,
  target: NetworkInterface,
  mode: Mode,
  sharing: SharingSettings,
): SharedAttachment {
  const directory = pinDirectory(target);
  const leave = () => removeClaimed(directory);
  const keep = (program: BpfProgram) => {
    const pins = generationDirectory(directory, program.id);
    mkdirSync(pins, { mode: 0o700 });
    program.pin(join(pins, PROGRAM));
  };
  try {
    return joinMonitor(loaded, { target, mode, sharing, keep, leave });
  } catch (error) {
    leave();
    throw error;
  }
}

/** A new directory for what is pinned while a monitor is attached. */
export function pinDirectory({ index }: NetworkInterface): string {
  ensureBpfFileSystem();
  const directory = temporaryDirectory(namespaceDirectory(), index);
  permitted(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  return directory;
}

/** How a program joins others. */
export interface JoinMonitorOptions {
  readonly target: NetworkInterface;
  readonly mode: Mode;
  readonly sharing: SharingSettings;
  /** Pins it, before it is put anywhere. */
  readonly keep: (program: BpfProgram) => void;
  /** What takes it out again; its pin there stays unless given. */
  readonly leave?: () => void;
}

/** Puts a program among those of a dispatcher. Those whose process was killed are taken out first. */
export function joinMonitor(loaded: Extending, options: JoinMonitorOptions): SharedAttachment {
  const { target, mode, sharing, keep, leave } = options;
  removeAbandoned();
  return joinDispatcher({
    target,
    mode,
    name: loaded.name,
    priority: sharing.priority,
    frags: needsFrags(target),
    load: (place) => loaded.extend(place),
    keep,
    ...(leave !== undefined && { leave }),
  });
}

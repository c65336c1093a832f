import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BpfProgram, ExtensionTarget, NetworkInterface } from "@weir/kernel";
import { afterFailure } from "../after-failure.ts";
import { joinDispatcher } from "../dispatcher/join.ts";
import type { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import type { Mode } from "../mode.ts";
import type { SharingSettings } from "../monitor/check-options.ts";
import { needsFrags } from "../monitor/usable-interface.ts";
import type { PinProblem } from "../pinned-monitor.ts";
import { generationDirectory, PROGRAM } from "./generation.ts";
import { remove, removeAbandoned } from "./removal.ts";
import { makeWorkDirectory } from "./work-directory.ts";

/** A program of weir that is in the kernel when it has a place. */
export interface Extending {
  /** The whole of its name. */
  readonly name: string;
  /** Loads it to take the place of a dispatcher's function. */
  extend(place: ExtensionTarget): BpfProgram;
}

/**
 * Puts a program among the programs of a dispatcher as long as the attachment is not disposed of. The dispatcher's pins keep it there when this
 * process is killed: a directory that nobody has locked any more tells whoever comes next, who takes it out.
 */
export function attachHeld(
  loaded: Extending,
  target: NetworkInterface,
  mode: Mode,
  sharing: SharingSettings,
): JoinedMonitor {
  const held = new DisposableStack();
  const work = held.use(makeWorkDirectory(target));
  held.defer(() => remove(work));
  const leave = () => held.dispose();
  const keep = (program: BpfProgram) => {
    const pins = generationDirectory(work.directory, program.id);
    mkdirSync(pins, { mode: 0o700 });
    program.pin(join(pins, PROGRAM));
  };
  try {
    return joinMonitor(loaded, { target, mode, sharing, keep, leave });
  } catch (error) {
    throw afterFailure(error, `pins are left in ${work.directory}`, leave);
  }
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

/** A program that is one of several. */
export interface JoinedMonitor {
  readonly attachment: SharedAttachment;
  /** What others have left there that could not be taken out. */
  readonly problems: readonly PinProblem[];
}

/** Puts a program among those of a dispatcher. Those whose process was killed are taken out first. */
export function joinMonitor(loaded: Extending, options: JoinMonitorOptions): JoinedMonitor {
  const { target, mode, sharing, keep, leave } = options;
  const problems = removeAbandoned();
  const attachment = joinDispatcher({
    target,
    mode,
    name: loaded.name,
    priority: sharing.priority,
    frags: needsFrags(target),
    load: (place) => loaded.extend(place),
    keep,
    ...(leave !== undefined && { leave }),
  });
  return { attachment, problems };
}

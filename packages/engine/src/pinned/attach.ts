import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { NetworkInterface, XdpAttachment } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { attachMonitor } from "../monitor/attach-monitor.ts";
import { modeSetting, tableSettings } from "../monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../monitor/load-monitor.ts";
import { mapNames } from "../monitor/monitor-maps.ts";
import { sampleSettings, sampleText } from "../monitor/sample-settings.ts";
import { needsFrags, usableInterface } from "../monitor/usable-interface.ts";
import type { AttachOptions } from "../options.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { ensureBpfFileSystem, pathOutside } from "./bpf-file-system.ts";
import { SETTINGS } from "./opened-monitor.ts";
import { permitted } from "./permission.ts";
import { directoriesIn, namespaceDirectory, type PinPlace, placeOf } from "./pin-place.ts";
import { claim, isAtWork, LINK, removeClaimed, temporaryDirectory } from "./removal.ts";
import { type PinnedSettings, pinSettings } from "./settings.ts";
import { isAttached } from "./stale-pins.ts";

/**
 * Attaches the monitor so that it outlives this process, until `detach`.
 *
 * Its maps, its settings and its link are pinned in the BPF file system. All of that is there, or nothing: the interface
 * admits one program, so whoever attaches first has it, and the pins get their place at one stroke.
 *
 * @example
 * ```ts
 * const { mode } = attach("eth0", { connections: 100_000 });
 * stats("eth0").counters.frames;
 * detach("eth0");
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_MODE`, `WEIR_ALREADY_ATTACHED`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY`, `WEIR_PERMISSION`
 */
export function attach(name: string, options: AttachOptions = {}): PinnedMonitor {
  const table = tableSettings(options);
  const sample = sampleSettings(options);
  const mode = modeSetting(options.mode);
  const target = usableInterface(name);
  const place = placeOf(target.index, target.name);
  using loaded = loadMonitor({ table, sample, frags: needsFrags(target) });
  ensureBpfFileSystem();
  const directory = temporaryDirectory(namespaceDirectory(), target.index);
  permitted(directory, () => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  try {
    // Its disposal detaches, unless it was pinned.
    using attachment = attachUnlessAttached(place, target, directory, loaded, mode);
    const settings: PinnedSettings = { table, sample, attachedAt: process.hrtime.bigint() };
    pinAll(directory, loaded, attachment, settings);
    // The interface is ours, so what still is in the place is left from a monitor that is not attached any more.
    const stale = claim(place);
    if (stale !== undefined) removeClaimed(stale);
    renameSync(directory, place.directory);
    return describe(place, loaded, attachment, settings);
  } catch (error) {
    removeClaimed(directory);
    throw error;
  }
}

function describe(
  place: PinPlace,
  loaded: LoadedMonitor,
  attachment: XdpAttachment,
  { table, sample }: PinnedSettings,
): PinnedMonitor {
  return {
    interface: place.name,
    index: place.index,
    mode: attachment.mode,
    fallback: attachment.fallback,
    programId: loaded.program.id,
    directory: pathOutside(place.directory),
    seconds: 0,
    capacity: table.connections,
    idle: Number(table.idle) / 1e9,
    sample: sample && sampleText(sample),
  };
}

function attachUnlessAttached(
  place: PinPlace,
  target: NetworkInterface,
  directory: string,
  loaded: LoadedMonitor,
  mode: Mode,
): XdpAttachment {
  try {
    return attachMonitor(loaded.program, target, mode);
  } catch (error) {
    const isBusy = error instanceof Error && "code" in error && error.code === "WEIR_BUSY";
    if (isBusy && isWeir(place, directory)) throw alreadyAttached(place.name);
    throw error;
  }
}

/** Whether the program that is there is from another process of weir, which may not be done with its pins. */
function isWeir(place: PinPlace, own: string): boolean {
  const others = directoriesIn(namespaceDirectory()).filter((directory) => directory !== own);
  return isAttached(place) || others.some((directory) => isAtWork(directory, place.index));
}

function pinAll(directory: string, loaded: LoadedMonitor, attachment: XdpAttachment, settings: PinnedSettings): void {
  for (const map of mapNames(settings.sample)) loaded.object.map(map).pin(join(directory, map));
  pinSettings(join(directory, SETTINGS), settings);
  attachment.pin(join(directory, LINK));
}

function alreadyAttached(name: string): EngineError {
  return new EngineError(
    "WEIR_ALREADY_ATTACHED",
    `weir is attached to ${name} already\n` +
      `  See what it counts: weir stats ${argument(name)}; take it off: weir detach ${argument(name)}`,
  );
}

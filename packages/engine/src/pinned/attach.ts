import { renameSync } from "node:fs";
import { join } from "node:path";
import { ForeignProgram, hasCode, type NetworkInterface, type XdpAttachment } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { isShared } from "../monitor/attach-beside-others.ts";
import { attachMonitor } from "../monitor/attach-monitor.ts";
import {
  bySetting,
  foreignSetting,
  modeSetting,
  type SharingSettings,
  sharingSettings,
  type TableSettings,
  tableSettings,
} from "../monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../monitor/load-monitor.ts";
import { type SampleSettings, sampleSettings } from "../monitor/sample-settings.ts";
import { needsFrags, usableInterface } from "../monitor/usable-interface.ts";
import type { AttachOptions } from "../options.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { placeOn } from "./find-pinned.ts";
import { joinMonitor, pinDirectory } from "./held-attachment.ts";
import { describe } from "./opened-monitor.ts";
import { lockNamespace } from "./pin-lock.ts";
import { pinMonitor } from "./pin-monitor.ts";
import { directoriesIn, namespaceDirectory, type PinPlace, placeOf } from "./pin-place.ts";
import { isAttached, LINK } from "./pinned-attachment.ts";
import { claim, isAtWork, removeClaimed } from "./removal.ts";
import { replace } from "./replace.ts";
import type { PinnedSettings } from "./settings.ts";

/**
 * Attaches the monitor so that it outlives this process, until `detach`.
 *
 * Its maps, its settings and its link are pinned in the BPF file system. All of that is there, or nothing: the interface
 * admits one program, so whoever attaches first has it, and the pins get their place at one stroke.
 *
 * @example
 * ```ts
 * const { mode } = attach("eth0", { connections: 100_000 });
 * attach("eth0", { replace: true, idle: 300 }); // this version's program, and what was counted stays
 * stats("eth0").counters.frames;
 * detach("eth0");
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_MODE`, `WEIR_ALREADY_ATTACHED`; with `replace`, `WEIR_LAYOUT` and
 * `WEIR_VERSION`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY`, `WEIR_PERMISSION`
 */
export function attach(name: string, options: AttachOptions = {}): PinnedMonitor {
  const wanted = wantedMonitor(options);
  const foreignId = foreignSetting(options);
  const target = usableInterface(name);
  const replaced = options.replace || options.migrate ? replaceOn(target, options) : undefined;
  if (replaced !== undefined) return replaced;
  const place = placeOf(target.index, target.name);
  if (foreignId === undefined && isShared(target, wanted.sharing)) return attachShared(place, target, wanted);
  const { table, sample, mode } = wanted;
  using loaded = loadMonitor({ table, sample, frags: needsFrags(target) });
  using foreign = foreignId === undefined ? undefined : foreignOn(place, foreignId, mode);
  // What netlink attached cannot become a link without a moment between them.
  const by = foreign === undefined ? bySetting(options.by) : "netlink";
  const directory = pinDirectory(target);
  let hasReplaced = false;
  try {
    const settings = settingsOf(wanted, loaded);
    // What netlink attaches stays without a pin, so that who is killed then must have left one before.
    pinMonitor(directory, loaded, { settings, by, carried: [] });
    // Its disposal detaches, unless it was pinned.
    using attachment =
      foreign?.replace(loaded.program) ?? attachUnlessAttached(place, target, directory, loaded, mode, by);
    hasReplaced = foreign !== undefined;
    if (by === "link") attachment.pin(join(directory, LINK));
    const pinned = settle(place, directory, attachment, settings);
    attachment.release();
    return pinned;
  } catch (error) {
    removeClaimed(directory);
    if (hasReplaced) foreign?.putBack();
    throw error;
  }
}

/** What is to be attached. */
interface WantedMonitor {
  readonly table: TableSettings;
  readonly sample: SampleSettings | undefined;
  readonly mode: Mode;
  readonly sharing: SharingSettings;
}

function wantedMonitor(options: AttachOptions): WantedMonitor {
  return {
    table: tableSettings(options),
    sample: sampleSettings(options),
    mode: modeSetting(options.mode),
    sharing: sharingSettings(options),
  };
}

function settingsOf({ table, sample }: WantedMonitor, { form }: LoadedMonitor): PinnedSettings {
  return { table, sample, attachedAt: process.hrtime.bigint(), form };
}

/** Gives pins that are complete their place, and says what is there now. */
function settle(
  place: PinPlace,
  directory: string,
  attachment: XdpAttachment,
  settings: PinnedSettings,
): PinnedMonitor {
  // The interface is ours, so what still is in the place is left from a monitor that is not attached any more.
  const stale = claim(place);
  if (stale !== undefined) removeClaimed(stale);
  renameSync(directory, place.directory);
  const { mode, by, fallback, programId } = attachment;
  const known = { interface: place.name, index: place.index, mode, by, programId };
  return { ...known, directory: pathOutside(place.directory), ...describe(settings), fallback, seconds: 0 };
}

function replaceOn(target: NetworkInterface, options: AttachOptions): PinnedMonitor | undefined {
  const place = placeOn(target);
  return place && replace(place, target, options);
}

/** The program whose place is to be taken; undefined when it is not there. */
function foreignOn(place: PinPlace, id: number, mode: Mode): ForeignProgram | undefined {
  if (isAttached(place)) throw alreadyAttached(place.name);
  const foreign = ForeignProgram.find(place.index, id);
  if (foreign === undefined || mode === "auto" || mode === foreign.mode) return foreign;
  foreign[Symbol.dispose]();
  throw new EngineError(
    "WEIR_MODE",
    `program ${id} is attached to ${place.name} in mode ${foreign.mode}, and whoever takes its place has the same\n` +
      "  Leave --mode out.",
  );
}

/** The same beside the programs of a dispatcher, which keeps the program on the interface. */
function attachShared(place: PinPlace, target: NetworkInterface, wanted: WantedMonitor): PinnedMonitor {
  const { table, sample, mode, sharing } = wanted;
  using loaded = loadMonitor({ table, sample, frags: needsFrags(target) });
  const directory = pinDirectory(target);
  try {
    // A dispatcher would take weir twice; where weir is alone, the kernel sees to it.
    using _lock = lockNamespace();
    if (isAttached(place)) throw alreadyAttached(place.name);
    const settings = settingsOf(wanted, loaded);
    const keep = () => pinMonitor(directory, loaded, { settings, by: "dispatcher", carried: [] });
    const attachment = joinMonitor(loaded, { target, mode, sharing, keep });
    return { ...settle(place, directory, attachment, settings), shared: attachment.shared };
  } catch (error) {
    removeClaimed(directory);
    throw error;
  }
}

function attachUnlessAttached(
  place: PinPlace,
  target: NetworkInterface,
  directory: string,
  loaded: LoadedMonitor,
  mode: Mode,
  by: "link" | "netlink",
): XdpAttachment {
  try {
    return attachMonitor(loaded.program, target, mode, by);
  } catch (error) {
    if (hasCode(error, "WEIR_BUSY") && isWeir(place, directory)) throw alreadyAttached(place.name);
    throw error;
  }
}

/** Whether the program that is there is from another process of weir, which may not be done with its pins. */
function isWeir(place: PinPlace, own: string): boolean {
  const others = directoriesIn(namespaceDirectory()).filter((directory) => directory !== own);
  return isAttached(place) || others.some((directory) => isAtWork(directory, place.index));
}

function alreadyAttached(name: string): EngineError {
  return new EngineError(
    "WEIR_ALREADY_ATTACHED",
    `weir is attached to ${name} already\n` +
      `  See what it counts: weir stats ${argument(name)}; take it off: weir detach ${argument(name)}\n` +
      `  Put this version's program, or other settings, in its place: weir attach ${argument(name)} --replace`,
  );
}

import { renameSync } from "node:fs";
import { join } from "node:path";
import { ForeignProgram, findInterface, type NetworkInterface, type XdpAttachment } from "@weir/kernel";
import { afterFailure } from "../after-failure.ts";
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
import { newRules } from "../rules/new-rules.ts";
import type { RulesStage } from "../rules/rules-stage.ts";
import { argument } from "../text/shell-word.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { placeOn, placesOf } from "./find-pinned.ts";
import { joinMonitor } from "./held-attachment.ts";
import { describe } from "./opened-monitor.ts";
import { lockNamespace, lockPins } from "./pin-lock.ts";
import { pinMonitor } from "./pin-monitor.ts";
import { type PinPlace, placeOf } from "./pin-place.ts";
import { isAttached, LINK } from "./pinned-attachment.ts";
import { remove } from "./removal.ts";
import { replace } from "./replace.ts";
import type { PinnedSettings } from "./settings.ts";
import { makeWorkDirectory, type WorkDirectory } from "./work-directory.ts";

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
  try {
    return attachOrReplace(name, options);
  } catch (error) {
    const isThere = error instanceof EngineError && error.code === "WEIR_ALREADY_ATTACHED";
    if (!isThere || !(options.replace || options.migrate)) throw error;
    // Somebody else has attached weir since there was nothing to replace.
    return attachOrReplace(name, options);
  }
}

function attachOrReplace(name: string, options: AttachOptions): PinnedMonitor {
  const wanted = wantedMonitor(options);
  const foreignId = foreignSetting(options);
  // One that is down can have another program, though not a first one: nothing would come.
  const replaced = options.replace || options.migrate ? replaceOn(findInterface(name), options) : undefined;
  if (replaced !== undefined) return replaced;
  const target = usableInterface(name);
  checkNotAttached(target);
  const rules = newRules(options, undefined);
  if (foreignId === undefined && isShared(target, wanted.sharing)) return attachShared(target, wanted, rules);
  const { table, sample, mode } = wanted;
  using loaded = loadMonitor({ table, sample, frags: needsFrags(target), rules });
  using foreign = foreignId === undefined ? undefined : foreignOn(target, foreignId, mode);
  // What netlink attached cannot become a link without a moment between them.
  const by = foreign === undefined ? bySetting(options.by) : "netlink";
  using work = makeWorkDirectory(target);
  let pins: Pick<PinPlace, "directory" | "index"> = work;
  try {
    const settings = settingsOf(wanted, loaded);
    pinMonitor(work.directory, loaded, { settings, by, carried: [] });
    // Before it is attached: so a process that is killed leaves pins of nothing, or a monitor in its place.
    const place = takePlace(work, target);
    pins = place;
    // Its disposal detaches, unless it was pinned.
    using attachment = foreign?.replace(loaded.program) ?? attachMonitor(loaded.program, target, mode, by);
    if (by === "link") attachment.pin(join(place.directory, LINK));
    const pinned = pinnedMonitor(place, attachment, settings);
    attachment.release();
    return pinned;
  } catch (error) {
    throw removedAfter(error, pins);
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

/**
 * Gives pins that are complete the interface's place; their lock goes with them. What is in it, or was when the interface had another name, is
 * left from a monitor that is not attached any more.
 */
function takePlace(work: WorkDirectory, target: NetworkInterface): PinPlace {
  using _lock = lockNamespace();
  return takePlaceLocked(work, target);
}

/** The same for whoever has the lock of the namespace. */
function takePlaceLocked(work: WorkDirectory, { index, name }: NetworkInterface): PinPlace {
  for (const other of placesOf(index)) {
    // Whoever is attaching there is waited for.
    using lock = lockPins(other);
    if (lock === undefined) continue;
    if (isAttached(other)) throw alreadyAttached(name);
    remove(other);
  }
  const place = placeOf(index, name);
  renameSync(work.directory, place.directory);
  return place;
}

function pinnedMonitor(place: PinPlace, attachment: XdpAttachment, settings: PinnedSettings): PinnedMonitor {
  const { mode, by, fallback, programId } = attachment;
  const known = { interface: place.name, index: place.index, mode, by, programId };
  return { ...known, directory: pathOutside(place.directory), ...describe(settings), fallback, seconds: 0 };
}

function removedAfter(error: unknown, pins: Pick<PinPlace, "directory" | "index">): unknown {
  return afterFailure(error, `its pins are left in ${pins.directory}`, () => remove(pins));
}

function replaceOn(target: NetworkInterface, options: AttachOptions): PinnedMonitor | undefined {
  const place = placeOn(target);
  return place && replace(place, target, options);
}

/** The program whose place is to be taken; undefined when it is not there. */
function foreignOn({ index, name }: NetworkInterface, id: number, mode: Mode): ForeignProgram | undefined {
  const foreign = ForeignProgram.find(index, id);
  if (foreign === undefined || mode === "auto" || mode === foreign.mode) return foreign;
  foreign[Symbol.dispose]();
  throw new EngineError(
    "WEIR_MODE",
    `program ${id} is attached to ${name} in mode ${foreign.mode}, and whoever takes its place has the same\n` +
      "  Leave --mode out.",
  );
}

/** The same beside the programs of a dispatcher, which keeps the program on the interface. */
function attachShared(target: NetworkInterface, wanted: WantedMonitor, rules: RulesStage | undefined): PinnedMonitor {
  const { table, sample, mode, sharing } = wanted;
  using loaded = loadMonitor({ table, sample, frags: needsFrags(target), rules });
  using work = makeWorkDirectory(target);
  let pins: Pick<PinPlace, "directory" | "index"> = work;
  try {
    // A dispatcher would take weir twice; where weir is alone, the kernel sees to it.
    using _lock = lockNamespace();
    checkNotAttached(target);
    const settings = settingsOf(wanted, loaded);
    const keep = () => pinMonitor(work.directory, loaded, { settings, by: "dispatcher", carried: [] });
    const { attachment, problems } = joinMonitor(loaded, { target, mode, sharing, keep });
    const place = takePlaceLocked(work, target);
    pins = place;
    const pinned = { ...pinnedMonitor(place, attachment, settings), shared: attachment.shared };
    return problems.length === 0 ? pinned : { ...pinned, problems };
  } catch (error) {
    throw removedAfter(error, pins);
  }
}

function checkNotAttached(target: NetworkInterface): void {
  const place = placeOn(target);
  if (place !== undefined && isAttached(place)) throw alreadyAttached(target.name);
}

function alreadyAttached(name: string): EngineError {
  return new EngineError(
    "WEIR_ALREADY_ATTACHED",
    `weir is attached to ${name} already\n` +
      `  See what it counts: weir stats ${argument(name)}; take it off: weir detach ${argument(name)}\n` +
      `  Put this version's program, or other settings, in its place: weir attach ${argument(name)} --replace`,
  );
}

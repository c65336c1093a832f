import { join } from "node:path";
import { KernelError } from "@weir/kernel";
import { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import { MonitorMaps, type NamedMaps } from "../monitor/monitor-maps.ts";
import { sampleText } from "../monitor/sample-settings.ts";
import type { PinnedMonitor, UnreadableMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { pathInside, pathOutside } from "./bpf-file-system.ts";
import { carriedIn, openMapsIn, pinsOf, pinsOn, SETTINGS } from "./generation.ts";
import type { PinPlace } from "./pin-place.ts";
import { attachmentAt } from "./pinned-attachment.ts";
import { type PinnedSettings, readSettings } from "./settings.ts";

/** What the program that is in force counts into. */
export interface OpenedPins extends Disposable {
  readonly settings: PinnedSettings;
  readonly maps: NamedMaps;
  /** What earlier programs counted into maps of another layout, the latest first. */
  readonly carried: readonly NamedMaps[];
}

/** Opens the pins in a directory. @throws {KernelError} `WEIR_NOT_FOUND` @throws {EngineError} `WEIR_VERSION` */
export function openPins(pins: string, name: string): OpenedPins {
  using stack = new DisposableStack();
  const settings = readSettings(join(pins, SETTINGS));
  if ("version" in settings) throw unknownVersion(name, settings.version);
  const maps = openMapsIn(pins, stack);
  const carried = carriedIn(pins).map((directory) => openMapsIn(directory, stack));
  const resources = stack.move();
  return { settings, maps, carried, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

/** A pinned monitor, with its maps open for reading. */
export interface OpenedMonitor extends Disposable {
  readonly monitor: PinnedMonitor;
  readonly settings: PinnedSettings;
  readonly maps: MonitorMaps;
}

/** Opens the maps of a monitor that is attached; fails, or gives some of them, when it is replaced meanwhile. */
export function openMaps(monitor: PinnedMonitor): OpenedMonitor {
  using stack = new DisposableStack();
  const pins = pinsOn(monitor);
  const { settings, maps: named, carried } = stack.use(openPins(pins, monitor.interface));
  const map = (name: string) => {
    const found = named.get(name);
    if (found !== undefined) return found;
    throw new Error(`${pins} has no map ${name}`);
  };
  const options = { carried, byName: true, sectionSlots: settings.form?.slots };
  const maps = stack.use(mapped(() => new MonitorMaps(map, settings.sample, options), monitor));
  const resources = stack.move();
  return { monitor, settings, maps, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

/** Counters may be others than this version has. Connections must lie as it knows them. */
function mapped(open: () => MonitorMaps, { interface: name }: PinnedMonitor): MonitorMaps {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof KernelError && error.code === "WEIR_MAP_LAYOUT")) throw error;
    throw unreadable(name, `with tables of another form (${error.answer})`, error);
  }
}

/** What is at a place: a monitor, one of another version, or undefined where nothing is attached any more. */
export function monitorAt(place: PinPlace): PinnedMonitor | UnreadableMonitor | undefined {
  for (;;) {
    using attachment = attachmentAt(place);
    if (attachment === undefined) return undefined;
    const { programId } = attachment;
    const shared = attachment instanceof SharedAttachment ? attachment.shared : undefined;
    const settings = ifFound(() => readSettings(join(pinsOf(place.directory, programId), SETTINGS)));
    // Another program may have come into force since: then its pins are elsewhere.
    if (settings === undefined && programAt(place) !== programId) continue;
    const known = {
      interface: attachment.interfaceName,
      index: attachment.interfaceIndex,
      mode: attachment.mode,
      by: attachment.by,
      programId,
      directory: pathOutside(place.directory),
    };
    return settings === undefined || "version" in settings
      ? { ...known, version: settings?.version }
      : { ...known, ...describe(settings), shared };
  }
}

/** What a monitor's settings say of it. */
export function describe({ table, sample, attachedAt }: PinnedSettings) {
  return {
    fallback: undefined,
    seconds: Number(process.hrtime.bigint() - attachedAt) / 1e9,
    capacity: table.connections,
    idle: Number(table.idle) / 1e9,
    sample: sample && sampleText(sample),
    shared: undefined,
  };
}

function programAt(place: Omit<PinPlace, "name">): number | undefined {
  using attachment = attachmentAt(place);
  return attachment?.programId;
}

/** Whether the program of a monitor still is the one that is attached. */
export function isInForce({ directory, index, programId }: PinnedMonitor): boolean {
  return programAt({ directory: pathInside(directory), index }) === programId;
}

export function isReadable(monitor: PinnedMonitor | UnreadableMonitor): monitor is PinnedMonitor {
  return "capacity" in monitor;
}

/** For settings of a version that this one does not know. */
export function unknownVersion(name: string, version: number | undefined): EngineError {
  const which = version === undefined ? "of a version that it does not name" : `of version ${version}`;
  return unreadable(name, `with settings ${which}`);
}

function unreadable(name: string, how: string, cause?: KernelError): EngineError {
  return new EngineError(
    "WEIR_VERSION",
    `the monitor on ${name} was pinned by another weir, ${how}, which this one cannot read\n` +
      `  Read it with the weir that attached it; or end it, which always works: weir detach ${argument(name)}`,
    { cause },
  );
}

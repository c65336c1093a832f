import { join } from "node:path";
import { BpfMap, KernelError, XdpLink } from "@weir/kernel";
import { MonitorMaps } from "../monitor/monitor-maps.ts";
import { sampleText } from "../monitor/sample-settings.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { pathInside, pathOutside } from "./bpf-file-system.ts";
import type { PinPlace } from "./pin-place.ts";
import { LINK } from "./removal.ts";
import { type PinnedSettings, readSettings } from "./settings.ts";

export const SETTINGS = "settings";

/** A pinned monitor, with its maps open for reading. */
export interface OpenedMonitor extends Disposable {
  readonly monitor: PinnedMonitor;
  readonly settings: PinnedSettings;
  readonly maps: MonitorMaps;
}

/** Opens the maps of a monitor that is attached. */
export function openMaps(monitor: PinnedMonitor): OpenedMonitor {
  using stack = new DisposableStack();
  const directory = pathInside(monitor.directory);
  const settings = readSettings(join(directory, SETTINGS));
  const maps = stack.use(new MonitorMaps((name) => stack.use(BpfMap.open(join(directory, name))), settings.sample));
  const resources = stack.move();
  return { monitor, settings, maps, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

/** What is at a place: a monitor, or undefined where nothing is attached any more. */
export function monitorAt(place: PinPlace): PinnedMonitor | undefined {
  try {
    using link = XdpLink.open(join(place.directory, LINK));
    const { table, sample, attachedAt } = readSettings(join(place.directory, SETTINGS));
    return {
      interface: link.interfaceName,
      index: link.interfaceIndex,
      mode: link.mode,
      fallback: undefined,
      programId: link.programId,
      directory: pathOutside(place.directory),
      seconds: Number(process.hrtime.bigint() - attachedAt) / 1e9,
      capacity: table.connections,
      idle: Number(table.idle) / 1e9,
      sample: sample && sampleText(sample),
    };
  } catch (error) {
    if (error instanceof KernelError && error.isNotFound) return undefined;
    throw error;
  }
}

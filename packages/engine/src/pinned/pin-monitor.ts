import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { XdpAttachment } from "@weir/kernel";
import { setMap } from "@weir/rules";
import type { LoadedMonitor } from "../monitor/load-monitor.ts";
import { countedMapNames, type NamedMaps } from "../monitor/monitor-maps.ts";
import { pinRules } from "../rules/pinned-rules.ts";
import { partPin } from "../rules/set-parts.ts";
import { carriedDirectory, generationDirectory, PROGRAM, SETTINGS } from "./generation.ts";
import { hasOwnRecords } from "./layout-differences.ts";
import { pinTypes } from "./record-types.ts";
import { type PinnedSettings, pinSettings } from "./settings.ts";

/** What is pinned for a program besides what follows from it. */
export interface MonitorPins {
  readonly settings: PinnedSettings;
  readonly by: XdpAttachment["by"];
  /** Maps of earlier programs, the latest first. */
  readonly carried: readonly NamedMaps[];
}

/** Pins, in a monitor's directory, all that belongs to a program of it. It is in force once the program is attached. */
export function pinMonitor(directory: string, loaded: LoadedMonitor, { settings, by, carried }: MonitorPins): void {
  const pins = generationDirectory(directory, loaded.program.id);
  mkdirSync(pins, { mode: 0o700 });
  for (const name of countedMapNames(settings.sample)) loaded.object.map(name).pin(join(pins, name));
  for (const [number, maps] of carried.entries()) {
    const place = carriedDirectory(pins, number);
    mkdirSync(place, { mode: 0o700 });
    for (const [name, map] of maps) map.pin(join(place, name));
    if (hasOwnRecords(maps)) pinTypes(place);
  }
  if (loaded.rules !== undefined) {
    for (const name of loaded.rules.counting) loaded.object.map(name).pin(join(pins, name));
    for (const part of loaded.rules.parts) loaded.object.map(setMap(part)).pin(join(pins, partPin(part)));
    pinRules(pins, loaded.rules.applied);
  }
  pinTypes(pins);
  pinSettings(join(pins, SETTINGS), { ...settings, form: loaded.form });
  // A link is pinned itself.
  if (by !== "link") loaded.program.pin(join(pins, PROGRAM));
}

import type { NetworkInterface, XdpAttachment } from "@weir/kernel";
import { replaceInDispatcher } from "../dispatcher/replace.ts";
import type { Shared } from "../dispatcher/seat.ts";
import { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import { bySetting, modeSetting, sharingSettings, tableSettings } from "../monitor/check-options.ts";
import { loadMonitor } from "../monitor/load-monitor.ts";
import { sampleSettings } from "../monitor/sample-settings.ts";
import { needsFrags } from "../monitor/usable-interface.ts";
import type { AttachOptions } from "../options.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { newRules, presentRules } from "../rules/new-rules.ts";
import { argument } from "../text/shell-word.ts";
import { pathOutside } from "./bpf-file-system.ts";
import { pinsOf } from "./generation.ts";
import { carriable, layoutDifferences, type WantedSettings } from "./layout-differences.ts";
import { mergedMaps } from "./merged-maps.ts";
import { describe, type OpenedPins, openPins, unknownVersion } from "./opened-monitor.ts";
import { lockPins } from "./pin-lock.ts";
import { pinMonitor } from "./pin-monitor.ts";
import type { PinPlace } from "./pin-place.ts";
import { attachmentAt } from "./pinned-attachment.ts";
import { removeReplacedLocked } from "./replaced-pins.ts";
import type { PinnedSettings } from "./settings.ts";

/**
 * Puts this version's program in the place of the one that is pinned. The kernel exchanges them between two packets, and each packet is
 * counted into the maps of the program that has it: the same ones, or others with what was counted before carried along as it is.
 *
 * The pins of the new program are complete before it is attached, and those of the old one go afterwards. Killed in between, the
 * monitor is what it was before or what it is to become. Among the programs of a dispatcher another dispatcher exchanges them.
 *
 * @returns undefined when nothing is attached any more
 * @throws {EngineError} `WEIR_LAYOUT`, `WEIR_VERSION`, `WEIR_OPTION`
 */
export function replace(place: PinPlace, target: NetworkInterface, options: AttachOptions): PinnedMonitor | undefined {
  using lock = lockPins(place);
  if (lock === undefined) return undefined;
  using attachment = attachmentAt(place);
  if (attachment === undefined) return undefined;
  removeReplacedLocked(place);
  checkPlace(attachment, options);
  const { programId } = attachment;
  using old = ifFound(() => openPins(pinsOf(place.directory, programId), target.name));
  if (old === undefined) throw unknownVersion(target.name, undefined);
  const wanted = wantedSettings(options, old.settings);
  const differences = layoutDifferences(old, wanted);
  if (differences.length > 0) checkMigration(target.name, old, differences, options);
  const { form } = old.settings;
  const isSame = differences.length === 0 && form !== undefined;
  // Which connections are sampled follows from the hash: the same ones as before, or their numbers would not go on.
  const hashKeys = wanted.sample?.by === "flows" ? form?.hashKeys : undefined;
  const tables = isSame ? { tables: { form, maps: old.maps } } : { hashKeys };
  const frags = needsFrags(target);
  using present = presentRules(pinsOf(place.directory, programId));
  const rules = newRules(options, present);
  using loaded = loadMonitor({ ...wanted, frags, ...tables, rules });
  const settings = { ...wanted, attachedAt: old.settings.attachedAt, form: loaded.form };
  using merged = new DisposableStack();
  const earlier = isSame || old.carried.length === 0 ? old.carried : [mergedMaps(old.carried, merged)];
  const carried = isSame ? earlier : [old.maps, ...earlier];
  const keep = () => pinMonitor(place.directory, loaded, { settings, by: attachment.by, carried });
  let shared: Shared | undefined;
  try {
    if (attachment instanceof SharedAttachment) {
      const priority = options.priority === undefined ? undefined : sharingSettings(options).priority;
      shared = replaceInDispatcher(attachment, { priority, frags, load: (seat) => loaded.extend(seat), keep });
    } else {
      keep();
      attachment.replace(loaded.program);
    }
  } finally {
    // Those of the one that is not in force: the old program, or the new one when it could not be.
    removeReplacedLocked(place);
  }
  const { mode, by, interfaceName, interfaceIndex } = attachment;
  const directory = pathOutside(place.directory);
  const known = { interface: interfaceName, index: interfaceIndex, mode, by, programId: loaded.program.id, directory };
  return { ...known, ...describe(settings), shared };
}

/** What is not said stays as it is. */
function wantedSettings(options: AttachOptions, { table, sample }: PinnedSettings): WantedSettings {
  const { connections = table.connections, idle } = options;
  const given = tableSettings({ connections, idle });
  return {
    table: idle === undefined ? { ...given, idle: table.idle } : given,
    sample: options.sample === undefined ? sample : sampleSettings(options),
  };
}

/** How a program is attached stays: another mode, or a link instead of netlink, would be another attachment. */
function checkPlace({ mode, by, interfaceName }: XdpAttachment, options: AttachOptions): void {
  const wantedMode = modeSetting(options.mode);
  const wantedBy = options.by === undefined ? by : bySetting(options.by);
  const wrong =
    wantedMode !== "auto" && wantedMode !== mode
      ? `mode ${mode}`
      : wantedBy !== by || (by !== "dispatcher" && (options.shared || options.priority !== undefined))
        ? `by ${by}`
        : undefined;
  if (wrong === undefined) return;
  const word = argument(interfaceName);
  throw new EngineError(
    "WEIR_OPTION",
    `weir is attached to ${interfaceName} ${wrong.startsWith("mode") ? `in ${wrong}` : wrong}, which a replacement keeps\n` +
      `  Leave the option out; or begin anew: weir detach ${word}, weir attach ${word}`,
  );
}

function checkMigration(
  name: string,
  old: OpenedPins,
  differences: readonly string[],
  { migrate = false }: AttachOptions,
): void {
  const obstacles = carriable(old);
  if (migrate && obstacles.length === 0) return;
  const word = argument(name);
  const anew = `begin anew: weir detach ${word}, weir attach ${word}`;
  const advice =
    obstacles.length === 0
      ? `Carry the numbers over into new maps: weir attach ${word} --migrate; or ${anew}`
      : `The numbers cannot be carried over (${obstacles.join("; ")}): ${anew}`;
  throw new EngineError(
    "WEIR_LAYOUT",
    `the pinned maps of ${name} have another layout: ${differences.join("; ")}\n  ${advice}`,
  );
}

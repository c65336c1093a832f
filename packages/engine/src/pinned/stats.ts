import type { Identity } from "../identity.ts";
import { listSettings } from "../monitor/check-options.ts";
import { read } from "../monitor/reading.ts";
import { SnapshotMaker } from "../monitor/snapshot-maker.ts";
import type { ListOptions } from "../options.ts";
import type { Snapshot } from "../snapshot.ts";
import { openInForce, openMonitor } from "./find-pinned.ts";
import { openWithRules } from "./opened-with-rules.ts";

/**
 * What the pinned monitor on an interface has counted, with its rules, where it has some. The rates are means since it was attached.
 *
 * @example
 * ```ts
 * stats("eth0", { sort: "bytes", limit: 10 }).connections;
 * ```
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_NOT_ATTACHED`, `WEIR_VERSION`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function stats(name: string, options: ListOptions = {}): Snapshot {
  const list = listSettings(options);
  using opened = openInForce(name, openWithRules);
  const { monitor, settings, maps } = opened;
  const maker = new SnapshotMaker(settings.table, settings.attachedAt, maps);
  const subject = {
    interface: monitor.interface,
    mode: monitor.mode,
    fallback: undefined,
    attached: true,
    program: undefined,
  };
  const snapshot = maker.peek(read(maps), subject, list, { sample: settings.sample, budget: undefined });
  const rules = opened.rules.read();
  return rules === undefined ? snapshot : { ...snapshot, rules };
}

/**
 * Proves for the pinned monitor on an interface that no frame was lost: *seen = accounted + unattributed + overflow + sampled out*, and that each
 * has one verdict: *seen = passed + dropped by rules, by limits, by the default*.
 *
 * @example
 * ```ts
 * check("eth0").holds; // true
 * ```
 * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_VERSION`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function check(name: string): Identity {
  using opened = openMonitor(name);
  return read(opened.maps).identity;
}

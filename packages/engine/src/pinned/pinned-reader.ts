import { BpfProgram, findInterface, KernelError, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import { type ListSettings, listSettings } from "../monitor/check-options.ts";
import { enabledStatistics, UNMEASURED } from "../monitor/enabled-statistics.ts";
import { type Reading, read } from "../monitor/reading.ts";
import { SnapshotMaker } from "../monitor/snapshot-maker.ts";
import type { Monitor, WatchedInterface } from "../monitor.ts";
import type { ListOptions } from "../options.ts";
import type { ProgramCost, Snapshot } from "../snapshot.ts";
import { openInForce, placeOn } from "./find-pinned.ts";
import { isInForce } from "./opened-monitor.ts";
import { type OpenedWithRules, openWithRules } from "./opened-with-rules.ts";
import { isAttached } from "./pinned-attachment.ts";

/**
 * Reads the monitor that is pinned on an interface as often as it is asked, and changes nothing there; undefined where none is. A monitor whose
 * program is replaced, as when rules are applied, is read on; one that is detached, or another one after it, is not.
 *
 * @example
 * ```ts
 * using reader = readPinned("eth0");
 * reader?.snapshot()[0]?.rules?.rules; // [{ name: "dns", action: "drop", packets: 12n, … }]
 * ```
 * Needs root, or CAP_BPF and the right to open the pins. Since Linux 6.1.
 * @param options `statistics`: the kernel is to measure the program
 * @throws {EngineError} `WEIR_VERSION` when another weir pinned it; `WEIR_PERMISSION`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
 */
export function readPinned(
  name: string,
  { statistics = false }: { readonly statistics?: boolean | undefined } = {},
): PinnedReader | undefined {
  const target = findInterface(name);
  return isPinned(target) ? new PinnedReader(target, statistics) : undefined;
}

/** A pinned monitor that is read as those are that this process attached: of one interface, which is never awaited. */
export class PinnedReader implements Omit<Monitor, typeof Symbol.asyncIterator> {
  readonly removed = [];
  readonly awaited = [];
  readonly #index: number;
  readonly #refused: string | undefined;
  readonly #measured: boolean;
  readonly #resources = new DisposableStack();
  #opened: OpenedWithRules;
  #maker: SnapshotMaker;
  #attached = true;

  /** @throws as {@link readPinned} does */
  constructor({ index, name }: NetworkInterface, statistics: boolean) {
    using stack = new DisposableStack();
    this.#index = index;
    this.#opened = openInForce(name, openWithRules);
    stack.defer(() => this.#opened[Symbol.dispose]());
    this.#maker = this.#newMaker();
    const refused = statistics ? enabledStatistics(stack) : undefined;
    const isShared = this.#opened.monitor.shared !== undefined;
    this.#refused = refused ?? (isShared && statistics ? UNMEASURED : undefined);
    this.#measured = statistics && this.#refused === undefined;
    this.#resources = stack.move();
  }

  get interfaces(): readonly WatchedInterface[] {
    const { interface: name, index, mode, fallback, programId, shared } = this.#opened.monitor;
    return [{ name, index, mode, fallback, programId, shared, statisticsRefused: this.#refused, warnings: [] }];
  }

  /** Whether the monitor still is there. */
  get attached(): boolean {
    if (this.#attached && !isInForce(this.#opened.monitor)) this.#attached = this.#follow();
    return this.#attached;
  }

  snapshot(list: ListOptions = {}): readonly Snapshot[] {
    return [this.#snapshot(list, (...reading) => this.#maker.make(...reading))];
  }

  peek(list: ListOptions = {}): readonly Snapshot[] {
    return [this.#snapshot(list, (...reading) => this.#maker.peek(...reading))];
  }

  /** Ends the reading; the monitor stays. Closing twice is harmless. */
  close(): void {
    this.#resources[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #snapshot(list: ListOptions, make: SnapshotMaker["make"]): Snapshot {
    const settings: ListSettings = listSettings(list);
    // Asked before reading: so the last snapshot of one that goes has all that it counted.
    const { attached } = this;
    const { monitor, maps, rules, settings: pinned } = this.#opened;
    const { interface: name, mode, fallback, programId } = monitor;
    const reading: Reading = read(maps);
    const subject = { interface: name, mode, fallback, attached, program: this.#cost(programId) };
    const snapshot = make(reading, subject, settings, { sample: pinned.sample, budget: undefined });
    const listed = rules.read();
    return listed === undefined ? snapshot : { ...snapshot, rules: listed };
  }

  #cost(programId: number): ProgramCost | undefined {
    if (!this.#measured) return undefined;
    // It may have been replaced, or be gone.
    using program = ifFound(() => BpfProgram.byId(programId));
    if (program === undefined) return undefined;
    const { runs, runNanoseconds: nanoseconds } = program.info();
    return { runs, nanoseconds };
  }

  /** Opens what has replaced the program; false where that is none, or a monitor that began anew. */
  #follow(): boolean {
    const target = ifFound(() => findInterface(this.#index));
    const next = target && openedOn(target);
    if (next === undefined) return false;
    const before = this.#opened;
    if (next.settings.attachedAt !== before.settings.attachedAt) {
      next[Symbol.dispose]();
      return false;
    }
    this.#opened = next;
    before[Symbol.dispose]();
    if (JSON.stringify(formOf(next)) !== JSON.stringify(formOf(before))) this.#maker = this.#newMaker();
    return true;
  }

  /** Rows go back to the maps that are open then. */
  #newMaker(): SnapshotMaker {
    const { table, attachedAt } = this.#opened.settings;
    return new SnapshotMaker(table, attachedAt, { recycle: (rows) => this.#opened.maps.recycle(rows) });
  }
}

/** Undefined where nothing is pinned, nor can be read: why not, whoever begins anew is told. */
function openedOn(target: NetworkInterface): OpenedWithRules | undefined {
  try {
    return isPinned(target) ? openInForce(target.name, openWithRules) : undefined;
  } catch (error) {
    if (error instanceof EngineError || error instanceof KernelError) return undefined;
    throw error;
  }
}

function isPinned(target: NetworkInterface): boolean {
  const place = placeOn(target);
  return place !== undefined && isAttached(place);
}

/** What snapshots of two programs have to have in common for the rates to go on. */
function formOf({ settings: { table, sample } }: OpenedWithRules): readonly unknown[] {
  return [table.connections, String(table.idle), sample];
}

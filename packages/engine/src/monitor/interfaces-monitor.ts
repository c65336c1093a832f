import type { EngineError } from "../errors.ts";
import type { Monitor, WatchedInterface } from "../monitor.ts";
import type { ListOptions, ReadingOptions } from "../options.ts";
import { sleepUntil } from "../sleep-until.ts";
import type { Snapshot } from "../snapshot.ts";
import { BudgetControl } from "./budget-control.ts";
import { intervalMilliseconds, type ListSettings, listSettings } from "./check-options.ts";
import type { InterfaceMonitor } from "./interface-monitor.ts";
import type { MonitoredInterfaces, ReadMonitor } from "./monitored-interfaces.ts";
import type { SampleSettings } from "./sample-settings.ts";
import type { SamplingNow } from "./snapshot-maker.ts";

/** What the programs sample. */
export interface MonitorSampling {
  readonly sample: SampleSettings | undefined;
  /** The part of one CPU that they may take together, for which the rate of `sample` then changes. */
  readonly share: number | undefined;
}

/** What interfaces that come later have to know. */
export interface MonitorContext {
  /** Has a monitor that was just attached take part. */
  readonly begin: (monitor: InterfaceMonitor) => InterfaceMonitor;
  /** Reads one as `watch` was told. */
  readonly read: ReadMonitor;
}

/** A monitor of programs on interfaces: reads them together, round after round. */
export class InterfacesMonitor implements Monitor {
  readonly #interval: number;
  readonly #list: ListSettings;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sample: SampleSettings | undefined;
  readonly #budget: BudgetControl | undefined;
  readonly #interfaces: MonitoredInterfaces;

  /** @param open attaches */
  constructor(
    open: (context: MonitorContext) => MonitoredInterfaces,
    options: ReadingOptions,
    sampling?: MonitorSampling,
  ) {
    this.#interval = intervalMilliseconds(options.interval);
    this.#list = listSettings(options);
    this.#signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    using stack = new DisposableStack();
    this.#sample = sampling?.sample;
    // First, because it may be refused: then nothing has been attached.
    if (sampling?.share !== undefined) {
      this.#budget = stack.use(new BudgetControl(sampling.share, () => this.#interfaces?.monitors ?? []));
    }
    this.#interfaces = open({
      begin: (monitor) => {
        if (this.#budget !== undefined) monitor.setRate(this.#budget.rate);
        return monitor;
      },
      read: (monitor) => monitor.snapshot(this.#list, this.#samplingNow()),
    });
    stack.move();
  }

  get interfaces(): readonly WatchedInterface[] {
    return this.#interfaces.subjects;
  }

  get attached(): boolean {
    return this.#interfaces.attached;
  }

  get removed(): readonly EngineError[] {
    return this.#interfaces.removed;
  }

  get awaited(): readonly string[] {
    return this.#interfaces.awaited;
  }

  snapshot(list: ListOptions = {}): readonly Snapshot[] {
    const settings = listSettings({ ...this.#list, ...list });
    const now = this.#samplingNow();
    return this.#interfaces.snapshots((monitor) => monitor.snapshot(settings, now));
  }

  peek(list: ListOptions = {}): readonly Snapshot[] {
    const settings = listSettings({ ...this.#list, ...list });
    const now = this.#samplingNow();
    return this.#interfaces.peek((monitor) => monitor.peek(settings, now));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Snapshot[], void, undefined> {
    try {
      for (let due = performance.now() + this.#interval; await sleepUntil(due, this.#signal); due += this.#interval) {
        yield this.snapshot();
        const last = this.removed.at(-1);
        if (this.#interfaces.isOver && last !== undefined) throw last;
        // Whoever was busy for longer than an interval waits for the next one, and gets none of those that were missed: one
        // that follows at once would have rates of a few milliseconds.
        const late = performance.now() - due;
        if (late > this.#interval) due += late;
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#closing.abort();
    this.#budget?.[Symbol.dispose]();
    this.#interfaces[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #samplingNow(): SamplingNow {
    if (this.#budget === undefined) return { sample: this.#sample, budget: undefined };
    return { sample: { by: "packets", rate: this.#budget.rate }, budget: this.#budget.state };
  }
}

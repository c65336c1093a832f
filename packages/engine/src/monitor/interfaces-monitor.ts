import type { EngineError } from "../errors.ts";
import type { Monitor, WatchedInterface } from "../monitor.ts";
import type { ListOptions, ReadingOptions } from "../options.ts";
import type { Snapshot } from "../snapshot.ts";
import { BudgetControl } from "./budget-control.ts";
import { intervalMilliseconds, type ListSettings, listSettings } from "./check-options.ts";
import type { InterfaceMonitor } from "./interface-monitor.ts";
import type { SampleSettings } from "./sample-settings.ts";
import type { SamplingNow } from "./snapshot-maker.ts";

/** What the programs sample. */
export interface MonitorSampling {
  readonly sample: SampleSettings | undefined;
  /** The part of one CPU that they may take together, for which the rate of `sample` then changes. */
  readonly share: number | undefined;
}

/** A monitor of programs on interfaces: reads them together, round after round. */
export class InterfacesMonitor implements Monitor {
  readonly interfaces: readonly WatchedInterface[];
  readonly removed: EngineError[] = [];
  readonly #interval: number;
  readonly #list: ListSettings;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #sample: SampleSettings | undefined;
  readonly #budget: BudgetControl | undefined;
  #monitors: readonly InterfaceMonitor[] = [];

  /** @param attach what attaches the programs, one after the other; if one cannot be, none stays attached */
  constructor(attach: readonly (() => InterfaceMonitor)[], options: ReadingOptions, sampling?: MonitorSampling) {
    this.#interval = intervalMilliseconds(options.interval);
    this.#list = listSettings(options);
    this.#signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    using stack = new DisposableStack();
    this.#sample = sampling?.sample;
    // First, because it may be refused: then nothing has been attached.
    if (sampling?.share !== undefined) {
      this.#budget = stack.use(new BudgetControl(sampling.share, () => this.#monitors));
    }
    this.#monitors = attach.map((attachOne) => stack.use(attachOne()));
    stack.move();
    this.interfaces = this.#monitors.map(({ subject }) => subject);
  }

  get attached(): boolean {
    return this.#monitors.length === this.interfaces.length && this.#monitors.every(({ attached }) => attached);
  }

  snapshot(list: ListOptions = {}): readonly Snapshot[] {
    const settings = listSettings({ ...this.#list, ...list });
    const now = this.#samplingNow();
    const read = this.#monitors.map((monitor) => ({ monitor, snapshot: monitor.snapshot(settings, now) }));
    const gone = read.filter(({ snapshot }) => !snapshot.attached).map(({ monitor }) => monitor);
    for (const monitor of gone) {
      this.removed.push(monitor.removal());
      monitor[Symbol.dispose]();
    }
    this.#monitors = this.#monitors.filter((monitor) => !gone.includes(monitor));
    return read.map(({ snapshot }) => snapshot);
  }

  peek(list: ListOptions = {}): readonly Snapshot[] {
    const settings = listSettings({ ...this.#list, ...list });
    const now = this.#samplingNow();
    return this.#monitors.map((monitor) => monitor.peek(settings, now));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Snapshot[], void, undefined> {
    try {
      for (let due = performance.now() + this.#interval; await this.#sleepUntil(due); due += this.#interval) {
        yield this.snapshot();
        const last = this.removed.at(-1);
        if (this.#monitors.length === 0 && last !== undefined) throw last;
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
    for (const monitor of this.#monitors) monitor[Symbol.dispose]();
    this.#monitors = [];
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #samplingNow(): SamplingNow {
    if (this.#budget === undefined) return { sample: this.#sample, budget: undefined };
    return { sample: { by: "packets", rate: this.#budget.rate }, budget: this.#budget.state };
  }

  /** False when there is no more to wait for. */
  #sleepUntil(due: number): Promise<boolean> {
    const signal = this.#signal;
    // By hand, because node:timers/promises takes 4 ms to load.
    return new Promise((resolve) => {
      if (signal.aborted) return resolve(false);
      const abort = () => {
        clearTimeout(timer);
        resolve(false);
      };
      const timer = setTimeout(
        () => {
          signal.removeEventListener("abort", abort);
          resolve(true);
        },
        Math.max(due - performance.now(), 0),
      );
      signal.addEventListener("abort", abort, { once: true });
    });
  }
}

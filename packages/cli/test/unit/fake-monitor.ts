import { EngineError, type Monitor, type Snapshot, type WatchedInterface } from "@weir/engine";
import { snapshot } from "./samples.ts";

/** What a test may set of a monitor. */
export interface FakeMonitorOptions {
  /** How many readings there are before the interface is removed. Default: no end. */
  readonly readings?: number;
  /** Milliseconds between them. */
  readonly interval?: number;
  readonly interfaces?: readonly Partial<WatchedInterface>[];
}

/** A monitor that counts one frame more with every reading. */
export class FakeMonitor implements Monitor {
  readonly interfaces: readonly WatchedInterface[];
  removed: EngineError[] = [];
  readonly attached = true;
  readonly awaited: readonly string[] = [];
  closed = 0;
  #frames = 0n;
  readonly #options: FakeMonitorOptions;

  constructor(options: FakeMonitorOptions = {}) {
    this.#options = options;
    const standard = {
      name: "eth0",
      index: 2,
      mode: "drv",
      fallback: undefined,
      programId: 7,
      shared: undefined,
      statisticsRefused: undefined,
      warnings: [],
    } as const;
    this.interfaces = (options.interfaces ?? [{}]).map((given) => ({ ...standard, ...given }));
  }

  snapshot(): readonly Snapshot[] {
    this.#frames++;
    return this.interfaces.map(({ name, mode }) => {
      const base = snapshot({ interface: name, mode });
      return { ...base, counters: { ...base.counters, frames: this.#frames } };
    });
  }

  peek(): readonly Snapshot[] {
    return this.interfaces.map(({ name, mode }) => snapshot({ interface: name, mode }));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Snapshot[]> {
    for (let reading = 0; reading < (this.#options.readings ?? Number.POSITIVE_INFINITY); reading++) {
      await new Promise((resolve) => setTimeout(resolve, this.#options.interval ?? 1));
      yield this.snapshot();
    }
    this.removed = this.interfaces.map(({ name }) => new EngineError("WEIR_INTERFACE_REMOVED", `${name} was removed.`));
    const last = this.removed.at(-1);
    if (last) throw last;
  }

  close(): void {
    this.closed++;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

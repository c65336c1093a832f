import { EngineError } from "../errors.ts";
import type { Monitor, WatchedInterface } from "../monitor.ts";
import type { ListOptions, WatchOptions } from "../options.ts";
import type { Snapshot } from "../snapshot.ts";
import { intervalMilliseconds, type ListSettings, listSettings, modeSetting, tableSettings } from "./check-options.ts";
import { InterfaceMonitor } from "./interface-monitor.ts";

/**
 * Counts every frame that comes in on interfaces, before the network stack sees it, until the monitor is closed.
 *
 * @example
 * ```ts
 * for await (const [snapshot] of watch("eth0", { limit: 10 })) {
 *   console.log(snapshot?.rates.packetsPerSecond, snapshot?.connections);
 * }
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @param interfaces names, alternative names too; each is watched once
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_INTERFACE_DOWN`, `WEIR_MODE` when an interface cannot do the mode
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY` when another XDP program is there, `WEIR_PERMISSION`; nothing is
 * attached then
 */
export function watch(interfaces: string | readonly string[], options: WatchOptions = {}): Monitor {
  return new InterfacesMonitor(typeof interfaces === "string" ? [interfaces] : interfaces, options);
}

class InterfacesMonitor implements Monitor {
  readonly interfaces: readonly WatchedInterface[];
  readonly removed: EngineError[] = [];
  readonly #interval: number;
  readonly #list: ListSettings;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  #monitors: readonly InterfaceMonitor[] = [];

  constructor(names: readonly string[], options: WatchOptions) {
    const table = tableSettings(options);
    const mode = modeSetting(options.mode);
    this.#interval = intervalMilliseconds(options.interval);
    this.#list = listSettings(options);
    this.#signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    if (names.length === 0) throw new EngineError("WEIR_OPTION", "there is no interface to watch: name at least one");
    using stack = new DisposableStack();
    this.#monitors = [...new Set(names)].map((name) =>
      stack.use(new InterfaceMonitor(name, mode, table, options.statistics ?? false)),
    );
    stack.move();
    this.interfaces = this.#monitors.map(({ subject }) => subject);
  }

  get attached(): boolean {
    return this.#monitors.length === this.interfaces.length && this.#monitors.every(({ attached }) => attached);
  }

  snapshot(list: ListOptions = {}): readonly Snapshot[] {
    const settings = listSettings({ ...this.#list, ...list });
    const read = this.#monitors.map((monitor) => ({ monitor, snapshot: monitor.snapshot(settings) }));
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
    return this.#monitors.map((monitor) => monitor.peek(settings));
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
    for (const monitor of this.#monitors) monitor[Symbol.dispose]();
    this.#monitors = [];
  }

  [Symbol.dispose](): void {
    this.close();
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

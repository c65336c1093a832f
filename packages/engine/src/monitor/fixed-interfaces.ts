import type { EngineError } from "../errors.ts";
import type { WatchedInterface } from "../monitor.ts";
import type { Snapshot } from "../snapshot.ts";
import type { InterfaceMonitor } from "./interface-monitor.ts";
import type { MonitoredInterfaces, ReadMonitor } from "./monitored-interfaces.ts";

/** Interfaces that are given once: one that goes is not watched any more. */
export class FixedInterfaces implements MonitoredInterfaces {
  readonly removed: EngineError[] = [];
  readonly awaited: readonly string[] = [];
  readonly subjects: readonly WatchedInterface[];
  #monitors: readonly InterfaceMonitor[];

  /** @param attach what attaches the programs, one after the other; if one cannot be, none stays attached */
  constructor(attach: readonly (() => InterfaceMonitor)[]) {
    using stack = new DisposableStack();
    this.#monitors = attach.map((attachOne) => stack.use(attachOne()));
    this.subjects = this.#monitors.map(({ subject }) => subject);
    stack.move();
  }

  get monitors(): readonly InterfaceMonitor[] {
    return this.#monitors;
  }

  get attached(): boolean {
    const isWhole = this.removed.length === 0 && this.#monitors.length > 0;
    return isWhole && this.#monitors.every(({ attached }) => attached);
  }

  get isOver(): boolean {
    return this.#monitors.length === 0 && this.removed.length > 0;
  }

  snapshots(read: ReadMonitor): Snapshot[] {
    const all = this.#monitors.map((monitor) => ({ monitor, snapshot: read(monitor) }));
    const gone = all.filter(({ snapshot }) => !snapshot.attached).map(({ monitor }) => monitor);
    for (const monitor of gone) {
      this.removed.push(monitor.removal());
      monitor[Symbol.dispose]();
    }
    this.#monitors = this.#monitors.filter((monitor) => !gone.includes(monitor));
    return all.map(({ snapshot }) => snapshot);
  }

  peek(read: ReadMonitor): Snapshot[] {
    return this.#monitors.map(read);
  }

  [Symbol.dispose](): void {
    for (const monitor of this.#monitors) monitor[Symbol.dispose]();
    this.#monitors = [];
  }
}

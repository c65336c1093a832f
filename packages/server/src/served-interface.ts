import {
  EngineError,
  KernelError,
  type ListOptions,
  type Monitor,
  type Snapshot,
  type WatchedInterface,
  watch,
} from "@weir/engine";
import { OtherConnections } from "./metrics/other-connections.ts";
import type { InterfaceSettings, ServiceSettings } from "./service-settings.ts";

/** How all interfaces of a service are watched. */
export type MonitorSettings = Pick<ServiceSettings, "connections" | "idle" | "statistics" | "sample" | "budget">;

/** Says something to whoever runs the service. */
export type Notice = (text: string) => void;

interface Attachment {
  readonly monitor: Monitor;
  readonly subject: WatchedInterface;
  /** Counts from the attach on, like everything else. */
  readonly others: OtherConnections;
}

/**
 * An interface that is watched as long as the service runs: when it goes, its last numbers stay; when it comes again, so does the
 * monitor.
 */
export class ServedInterface implements Disposable {
  readonly #notice: Notice;
  #settings: InterfaceSettings & MonitorSettings;
  #attachment: Attachment;
  /** The last snapshot of an interface that is gone. */
  #last: Snapshot | undefined;
  /** Why it cannot be attached again. */
  #hindrance = "";

  /** @throws {EngineError | KernelError} when it cannot be attached */
  constructor(settings: InterfaceSettings & MonitorSettings, notice: Notice) {
    this.#settings = settings;
    this.#notice = notice;
    this.#attachment = this.#attach();
  }

  get settings(): InterfaceSettings & MonitorSettings {
    return this.#settings;
  }

  get subject(): WatchedInterface {
    return this.#attachment.subject;
  }

  get others(): OtherConnections {
    return this.#attachment.others;
  }

  get attached(): boolean {
    return this.#last === undefined;
  }

  /**
   * Goes on with other settings. The counters begin anew, unless the settings are the same.
   *
   * @throws {EngineError | KernelError} when they cannot be had; it goes on with those before
   */
  change(settings: InterfaceSettings & MonitorSettings): void {
    const before = this.#settings;
    if (isSame(before, settings)) return;
    const last = this.peek();
    // There can be one program on an interface.
    this.#attachment.monitor.close();
    this.#settings = settings;
    try {
      this.#attachment = this.#attach();
      this.#last = undefined;
    } catch (error) {
      this.#settings = before;
      this.#last = last;
      this.#attachAgain();
      throw error;
    }
  }

  /** Looks whether the interface is gone, or there again. */
  look(): void {
    if (this.#last !== undefined) this.#attachAgain();
    else if (!this.#attachment.monitor.attached) this.read({});
  }

  /** Reads, and has the next rates begin here. */
  read(list: ListOptions): Snapshot {
    if (this.#last !== undefined) return this.#last;
    const { monitor } = this.#attachment;
    const snapshot = only(monitor.snapshot(list));
    if (!snapshot.attached) {
      this.#last = snapshot;
      for (const { message } of monitor.removed) this.#notice(`${message}; its last numbers stay until it is back`);
    }
    return snapshot;
  }

  /** Reads in between, for somebody who asks. */
  peek(list: ListOptions = {}): Snapshot {
    return this.#last ?? only(this.#attachment.monitor.peek(list));
  }

  [Symbol.dispose](): void {
    this.#attachment.monitor.close();
  }

  #attach(): Attachment {
    const { name, ...settings } = this.#settings;
    const monitor = watch(name, settings);
    const subject = only(monitor.interfaces);
    const { mode, fallback, statisticsRefused } = subject;
    if (fallback !== undefined) this.#notice(`${name}: mode drv is not possible, using ${mode}: ${fallback.answer}`);
    if (statisticsRefused !== undefined) {
      this.#notice(`${name}: what the program costs is not measured: ${statisticsRefused}`);
    }
    return { monitor, subject, others: new OtherConnections() };
  }

  /** The last numbers were those of the monitor before; the new one begins at zero, which Prometheus takes for a new beginning. */
  #attachAgain(): void {
    try {
      this.#attachment = this.#attach();
      this.#last = undefined;
      this.#hindrance = "";
      this.#notice(`${this.#settings.name}: attached again`);
    } catch (error) {
      if (!(error instanceof EngineError) && !(error instanceof KernelError)) throw error;
      // That it is not there is known; any other hindrance is news, once.
      const isNews = error.code !== "WEIR_NO_INTERFACE" && error.message !== this.#hindrance;
      if (isNews) this.#notice(`${this.#settings.name}: ${error.message}`);
      this.#hindrance = error.message;
    }
  }
}

function isSame(a: InterfaceSettings & MonitorSettings, b: InterfaceSettings & MonitorSettings): boolean {
  return (
    a.name === b.name &&
    a.mode === b.mode &&
    a.connections === b.connections &&
    a.idle === b.idle &&
    a.statistics === b.statistics &&
    a.sample === b.sample &&
    a.budget === b.budget
  );
}

/** A monitor of one interface has one of each. */
function only<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("a monitor of one interface has none");
  return one;
}

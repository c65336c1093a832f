import {
  EngineError,
  type InterfaceChange,
  KernelError,
  type ListOptions,
  type Monitor,
  type PinnedReader,
  readPinned,
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

/**
 * An interface that is watched as long as the service runs, by its name: when it goes, its last numbers stay; when it comes again, so does
 * the monitor, as soon as the kernel tells of it. Where a monitor is pinned, that one is read, with the rules that it has.
 */
export class ServedInterface implements Disposable {
  readonly #notice: Notice;
  #settings: InterfaceSettings & MonitorSettings;
  /** Follows the interface, or reads what is pinned. Undefined while it cannot be attached for another reason than that the interface is not there. */
  #monitor: Monitor | PinnedReader | undefined;
  #subject: WatchedInterface;
  /** Counts from the attach on, like everything else. */
  #others = new OtherConnections();
  /** The last snapshot of an interface that is gone. */
  #last: Snapshot | undefined;
  /** Why it cannot be attached again. */
  #hindrance = "";

  /** @throws {EngineError | KernelError} when it cannot be attached */
  constructor(settings: InterfaceSettings & MonitorSettings, notice: Notice) {
    this.#settings = settings;
    this.#notice = notice;
    this.#subject = this.#attach();
  }

  get settings(): InterfaceSettings & MonitorSettings {
    return this.#settings;
  }

  /** As it was called when it was attached, whatever it is called now: so its series go on. */
  get subject(): WatchedInterface {
    const [now = this.#subject] = this.#monitor?.interfaces ?? [];
    return { ...now, name: this.#subject.name };
  }

  get others(): OtherConnections {
    return this.#others;
  }

  get attached(): boolean {
    return this.#monitor?.attached === true;
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
    this.#end();
    this.#settings = settings;
    try {
      this.#attach();
    } catch (error) {
      this.#settings = before;
      this.#last = { ...last, attached: false };
      this.#attachAgain();
      throw error;
    }
  }

  /**
   * Looks after what no event of the interface tells: somebody took the program off, a reload could not attach it, or what was in the way when
   * the interface came back has gone.
   */
  look(): void {
    if (this.attached) return;
    this.read({});
    const waiting = this.#monitor;
    if (waiting?.awaited.length === 0) this.#end();
    this.#attachAgain();
    if (waiting !== this.#monitor) waiting?.close();
  }

  /** Reads, and has the next rates begin here. */
  read(list: ListOptions): Snapshot {
    return this.#latest(this.#monitor?.snapshot(list));
  }

  /** Reads in between, for somebody who asks. */
  peek(list: ListOptions = {}): Snapshot {
    const now = this.#monitor?.peek(list) ?? [];
    return now.length > 0 ? this.#latest(now) : this.read(list);
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  /** The last numbers of an interface that went are given once. */
  #latest(snapshots: readonly Snapshot[] = []): Snapshot {
    const snapshot = snapshots.at(-1);
    if (snapshot?.attached === false) this.#last = snapshot;
    const known = snapshot ?? this.#last;
    if (known === undefined) throw new Error(`interface ${this.#subject.name} has no numbers`);
    return { ...known, interface: this.#subject.name };
  }

  #attach(): WatchedInterface {
    const { name, ...settings } = this.#settings;
    const onChange = (change: InterfaceChange) => this.#hear(change);
    const { pinned, refusal } = pinnedOn(name, settings.statistics);
    if (pinned !== undefined) this.#notice(`${name}: reading the monitor that is pinned there, with its own settings`);
    const monitor = pinned ?? watchUnless(refusal, () => watch(name, { ...settings, follow: true, onChange }));
    this.#monitor = monitor;
    const { mode, fallback, statisticsRefused } = this.#begin(monitor);
    if (fallback !== undefined) this.#notice(`${name}: mode drv is not possible, using ${mode}: ${fallback.answer}`);
    if (statisticsRefused !== undefined) {
      this.#notice(`${name}: what the program costs is not measured: ${statisticsRefused}`);
    }
    return this.#subject;
  }

  /** The last numbers were those of the program before; a new one begins at zero, which Prometheus takes for a new beginning. */
  #begin({ interfaces: [subject] }: Pick<Monitor, "interfaces">): WatchedInterface {
    if (subject === undefined) throw new Error(`interface ${this.#settings.name} was attached, and is not there`);
    this.#subject = subject;
    this.#others = new OtherConnections();
    this.#last = undefined;
    return subject;
  }

  #hear({ kind, text }: InterfaceChange): void {
    if (kind === "attached" && this.#monitor !== undefined) this.#begin(this.#monitor);
    // Each interface would tell it, and all that it says is that the list was read anew.
    if (kind === "overrun") return;
    if (kind === "removed") this.#notice(`${text}, and its last numbers stay until then`);
    else if (kind === "taken-off") this.#notice(`${this.#settings.name}: the monitor was taken off; it is put back`);
    else this.#notice(text);
  }

  #end(): void {
    this.#monitor?.close();
    this.#monitor = undefined;
  }

  #attachAgain(): void {
    try {
      this.#attach();
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

/** The pinned monitor of an interface, or why this process may not know. */
function pinnedOn(
  name: string,
  statistics: boolean,
): { readonly pinned?: PinnedReader | undefined; readonly refusal?: EngineError | KernelError } {
  try {
    return { pinned: readPinned(name, { statistics }) };
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof KernelError)) throw error;
    if (error.code !== "WEIR_PERMISSION") throw error;
    return { refusal: error };
  }
}

/** Watches; where another monitor is in the way which might be a pinned one, that cannot be read is the better reason. */
function watchUnless(refusal: Error | undefined, attach: () => Monitor): Monitor {
  try {
    return attach();
  } catch (error) {
    const isBusy = (error instanceof EngineError || error instanceof KernelError) && error.code === "WEIR_BUSY";
    throw isBusy && refusal !== undefined ? refusal : error;
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

import { toJson } from "@weir/engine/json";
import type { Hono } from "hono";
import { application } from "./http/application.ts";
import { EventStream } from "./http/event-stream.ts";
import { Listener } from "./http/listener.ts";
import { isLoopback, listenAddressText } from "./listen-address.ts";
import { connectionMetrics } from "./metrics/connection-metrics.ts";
import { interfaceMetrics } from "./metrics/interface-metrics.ts";
import type { MetricFamily } from "./metrics/metric-family.ts";
import { ruleMetrics } from "./metrics/rule-metrics.ts";
import { Scrapes } from "./metrics/scrapes.ts";
import { ServiceCounters } from "./metrics/service-metrics.ts";
import { type MonitorSettings, type Notice, ServedInterface } from "./served-interface.ts";
import type { InterfaceSettings, ServiceSettings } from "./service-settings.ts";

/**
 * Milliseconds between two readings when nobody wants events: so that `/api/snapshot` has rates of now, and a large table is not
 * read each second for nobody.
 */
const LONGEST_INTERVAL = 10_000;

/** What a service needs besides its settings. */
export interface ServiceOptions {
  /** Of weir, for the metrics. */
  readonly version: string;
  /** Is told what happens while the service runs. */
  readonly notice: Notice;
}

/**
 * Watches interfaces, or reads the monitors that are pinned on them, and answers over HTTP with what was counted, until it is stopped.
 *
 * @example
 * ```ts
 * const settings = serviceSettings({ interfaces: ["eth0"], listen: "127.0.0.1:0" });
 * await using service = await Service.start(settings, { version: "1", notice: console.error });
 * console.log(service.url); // http://127.0.0.1:43210
 * await service.run(AbortSignal.timeout(60_000));
 * ```
 */
export class Service implements AsyncDisposable {
  readonly #options: ServiceOptions;
  readonly #counters = new ServiceCounters();
  readonly #events = new EventStream(this.#counters);
  #settings: ServiceSettings;
  #interfaces: readonly ServedInterface[];
  #listener: Listener | undefined;
  readonly #application: Hono;
  /** When the rates that are shown begin, on the clock of `performance`. */
  #lastReading = performance.now();

  private constructor(settings: ServiceSettings, options: ServiceOptions) {
    this.#settings = settings;
    this.#options = options;
    using stack = new DisposableStack();
    this.#interfaces = settings.interfaces.map((each) =>
      stack.use(new ServedInterface(monitorSettings(each, settings), options.notice)),
    );
    const scrapes = new Scrapes(options.version, () => this.#metrics());
    this.#application = application({
      admission: () => ({ token: this.#settings.token, isLocal: isLoopback(this.#settings.listen.host) }),
      healthy: () => this.#interfaces.every(({ attached }) => attached),
      metrics: (format) => scrapes.answer(format),
      api: {
        snapshots: (list) => ({
          version: options.version,
          interfaces: this.#interfaces.map((each) => each.peek(list)),
        }),
        events: () => this.#events.open(),
      },
    });
    stack.move();
  }

  /**
   * Attaches to the interfaces and listens. All of it, or nothing.
   *
   * @throws {EngineError | KernelError} as `watch` does
   * @throws {ServerError} `WEIR_LISTEN`
   */
  static async start(settings: ServiceSettings, options: ServiceOptions): Promise<Service> {
    const service = new Service(settings, options);
    try {
      service.#listener = await Listener.open(settings.listen, service.#application);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  /** Where it answers. */
  get url(): string {
    return `http://${listenAddressText(this.#listener?.address ?? this.#settings.listen)}`;
  }

  /** The interfaces that are served, in the order of the settings. */
  get interfaces(): readonly ServedInterface[] {
    return this.#interfaces;
  }

  /**
   * Goes on with other settings. Interfaces whose settings stay the same keep counting; when something cannot be done, everything
   * stays as it was.
   *
   * @param settings called once; what it throws counts as a failed reload, too
   * @throws {EngineError | KernelError | ServerError} what cannot be done
   */
  async reload(settings: () => ServiceSettings): Promise<void> {
    try {
      await this.#take(settings());
      this.#counters.reloads++;
    } catch (error) {
      this.#counters.failedReloads++;
      throw error;
    }
  }

  /**
   * Looks after the interfaces and sends events, until the signal is aborted.
   *
   * @throws what keeps it from that
   */
  async run(signal: AbortSignal): Promise<void> {
    while (await pause(this.#settings.interval * 1000, signal)) this.#read();
  }

  /** Finishes the answers that are under way, detaches, and ends. Stopping twice is harmless. */
  async stop(): Promise<void> {
    this.#events.close();
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.[Symbol.asyncDispose]();
    for (const each of this.#interfaces) each[Symbol.dispose]();
    this.#interfaces = [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #take(settings: ServiceSettings): Promise<void> {
    const before = this.#interfaces;
    await using undo = new AsyncDisposableStack();
    let listener = this.#listener;
    if (listenAddressText(settings.listen) !== listenAddressText(this.#settings.listen)) {
      listener = await Listener.open(settings.listen, this.#application);
      undo.use(listener);
    }
    const named = (list: readonly ServedInterface[], name: string) => list.find((each) => each.settings.name === name);
    // The new ones first: a change takes a monitor off and loses what it has counted, so it shall not be for nothing.
    const fresh = settings.interfaces
      .filter(({ name }) => named(before, name) === undefined)
      .map((wanted) => undo.use(new ServedInterface(monitorSettings(wanted, settings), this.#options.notice)));
    const interfaces = settings.interfaces.map((wanted) => {
      const each = named([...before, ...fresh], wanted.name);
      if (each === undefined) throw new Error(`interface ${wanted.name} is neither old nor new`);
      const then = each.settings;
      undo.defer(() => this.#changeBack(each, then));
      each.change(monitorSettings(wanted, settings));
      return each;
    });
    undo.move();

    for (const each of before) if (!interfaces.includes(each)) each[Symbol.dispose]();
    this.#interfaces = interfaces;
    this.#settings = settings;
    const old = this.#listener;
    this.#listener = listener;
    if (old !== listener) await old?.[Symbol.asyncDispose]();
  }

  /** The reason for it is on its way already; what hinders it is said here, and it is tried again. */
  #changeBack(each: ServedInterface, then: ServedInterface["settings"]): void {
    try {
      each.change(then);
    } catch (error) {
      this.#options.notice(error instanceof Error ? error.message : String(error));
    }
  }

  #metrics(): MetricFamily[] {
    const { top } = this.#settings;
    const readings = this.#interfaces.map((each) => {
      const snapshot = each.peek({ sort: "bytes", limit: top });
      return { subject: each.subject, snapshot, others: each.others.update(snapshot) };
    });
    const rules = ruleMetrics(readings.map(({ snapshot }) => snapshot));
    return [...interfaceMetrics(readings), ...connectionMetrics(readings), ...rules, ...this.#counters.metrics()];
  }

  #read(): void {
    for (const each of this.#interfaces) each.look();
    const now = performance.now();
    if (!this.#events.hasClients && now < this.#lastReading + LONGEST_INTERVAL) return;
    this.#lastReading = now;
    const { top } = this.#settings;
    const interfaces = this.#interfaces.map((each) => each.read({ sort: "bytes", limit: top }));
    if (this.#events.hasClients) this.#events.send("snapshot", toJson({ version: this.#options.version, interfaces }));
  }
}

function monitorSettings(
  { name, mode }: InterfaceSettings,
  { connections, idle, statistics, sample, budget }: ServiceSettings,
): InterfaceSettings & MonitorSettings {
  return { name, mode, connections, idle, statistics, sample, budget };
}

/** False when the signal was aborted meanwhile. */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const abort = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve(true);
    }, milliseconds);
    signal.addEventListener("abort", abort, { once: true });
  });
}

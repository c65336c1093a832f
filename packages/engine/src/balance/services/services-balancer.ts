import { PerCpuArrayMap, type XdpAttachment } from "@weir/kernel";
import { CONNECTIONS_PER_BUCKET, Stats } from "@weir/programs";
import { EngineError } from "../../errors.ts";
import type { Mode } from "../../mode.ts";
import { attachMonitor } from "../../monitor/attach-monitor.ts";
import { intervalMilliseconds, modeSetting } from "../../monitor/check-options.ts";
import { countersOf } from "../../monitor/stats-sums.ts";
import { needsFrags, usableInterface } from "../../monitor/usable-interface.ts";
import type { WatchedInterface } from "../../monitor.ts";
import type { AttachOptions } from "../../options.ts";
import { sumOfCpus } from "../../per-cpu-sums.ts";
import { sleepUntil } from "../../sleep-until.ts";
import type { BalanceSnapshot } from "./balance-snapshot.ts";
import { servicesMistakes } from "./check-services.ts";
import { HealthChecks } from "./health/health-checks.ts";
import { type LoadedServices, loadServices } from "./load-services.ts";
import { NextHopResolver } from "./next-hop-resolver.ts";
import { ServiceSet } from "./service-set.ts";
import type { ServicesConfig } from "./services-config.ts";
import { WayFinder } from "./way-finder.ts";

/** How `balanceServices` attaches, and how often its snapshots come. */
export interface BalanceOptions extends Pick<AttachOptions, "mode"> {
  /** Seconds between snapshots. Default 1. */
  readonly interval?: number | undefined;
  /** Ends the iteration; the balancer is detached. */
  readonly signal?: AbortSignal | undefined;
}

/** A load balancer on an interface. It is detached when it is closed, and when the process ends in whatever way. */
export interface ServicesBalancer extends AsyncIterable<BalanceSnapshot>, Disposable {
  readonly interface: WatchedInterface;
  snapshot(): BalanceSnapshot;
  /**
   * Takes over another configuration while packets go on: flows stay with their backends. A backend without a way is
   * `unreachable`, as one is whose way is lost.
   *
   * @throws {EngineError} `WEIR_OPTION`; everything is as before then
   */
  reload(config: ServicesConfig): Promise<void>;
  /** Detaches. Closing twice is harmless. */
  close(): void;
}

/** How often the kernel's routing and neighbour tables are asked, in milliseconds. */
const REFRESH = 1000;
/** How long a start waits for the hardware addresses of backends, and how often it looks. */
const PATIENCE = 600;
const LOOK = 20;

/**
 * Balances the services of a configuration over their backends: packets that come in on an interface for a virtual address go
 * to a backend, all others pass untouched.
 *
 * @example
 * ```ts
 * import { balanceServices, type ServicesConfig } from "weir";
 *
 * declare const config: ServicesConfig;
 * using balancer = await balanceServices("eth0", config);
 * for await (const { services } of balancer) console.log(services);
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and, for ICMP checks, CAP_NET_RAW. Since Linux 6.1.
 * @throws {EngineError} `WEIR_OPTION`, `WEIR_NO_ROUTE`, `WEIR_INTERFACE_DOWN`, `WEIR_MODE`; nothing is attached then
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY`, `WEIR_PERMISSION`; nothing is attached then
 */
export async function balanceServices(
  device: string,
  config: ServicesConfig,
  options: BalanceOptions = {},
): Promise<ServicesBalancer> {
  const balancer = new AttachableBalancer(device, config, options);
  try {
    await balancer.start();
  } catch (error) {
    balancer.close();
    throw error;
  }
  return balancer;
}

class AttachableBalancer implements ServicesBalancer {
  readonly #loaded: LoadedServices;
  readonly #set: ServiceSet;
  readonly #ways: WayFinder;
  readonly #health: HealthChecks;
  readonly #mode: Mode;
  readonly #interval: number;
  readonly #resources: DisposableStack;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #target: ReturnType<typeof usableInterface>;
  #config: ServicesConfig;
  #attachment: XdpAttachment | undefined;
  #attachedAt = 0;
  #refreshing: NodeJS.Timeout | undefined;
  /** What the refreshing met that it was not made for; the iteration ends with it. */
  #failure: unknown;

  constructor(device: string, config: ServicesConfig, options: BalanceOptions) {
    this.#mode = modeSetting(options.mode);
    this.#interval = intervalMilliseconds(options.interval);
    this.#signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    refuseMistakes(config);
    this.#config = config;
    this.#target = usableInterface(device);
    using stack = new DisposableStack();
    this.#loaded = stack.use(
      loadServices(config, {
        frags: needsFrags(this.#target),
        hardwareAddress: this.#target.hardwareAddress,
      }),
    );
    this.#set = new ServiceSet(this.#loaded.maps, this.#loaded.size);
    this.#ways = new WayFinder(
      stack.use(new NextHopResolver(this.#target.index)),
      this.#set.backendSlots,
      this.#target.index,
      this.#mode !== "skb",
    );
    this.#health = stack.use(new HealthChecks((service) => service.update()));
    this.#resources = stack.move();
  }

  get interface(): WatchedInterface {
    const attachment = this.#attachment;
    if (attachment === undefined) throw new Error("the balancer is not attached");
    const { name, index } = this.#target;
    const { mode, fallback } = attachment;
    return {
      name,
      index,
      mode,
      fallback,
      programId: this.#loaded.program.id,
      statisticsRefused: undefined,
      shared: undefined,
      warnings: [],
    };
  }

  async start(): Promise<void> {
    this.#apply(this.#config);
    this.#refuseWithoutWay();
    await this.#awaitNeighbours();
    this.#attachment = this.#resources.use(attachMonitor(this.#loaded.program, this.#target, this.#mode));
    this.#attachedAt = performance.now();
    this.#health.set(this.#set.services);
    this.#refreshing = setInterval(() => this.#refreshOrFail(), REFRESH);
    this.#refreshing.unref();
  }

  async reload(config: ServicesConfig): Promise<void> {
    refuseMistakes(config);
    if (config.table !== this.#config.table || config.seed !== this.#config.seed) {
      throw new EngineError("WEIR_OPTION", "table and seed cannot change while the balancer runs\n  Start it again.");
    }
    if (
      config.connections.capacity !== this.#config.connections.capacity ||
      config.connections.idle !== this.#config.connections.idle
    ) {
      throw new EngineError("WEIR_OPTION", "connections cannot change while the balancer runs\n  Start it again.");
    }
    this.#apply(config);
    this.#config = config;
    await this.#awaitNeighbours();
    this.#health.set(this.#set.services);
  }

  snapshot(): BalanceSnapshot {
    const date = new Date();
    const attached = this.#attachment?.attached ?? false;
    const { maps, object, size, time } = this.#loaded;
    const now = time.now();
    const flows = this.#set.flows(now, time.silence);
    const balance = maps.balance();
    using stats = PerCpuArrayMap.of(object.map("STATS"), { value: Stats });
    return {
      interface: this.#target.name,
      mode: this.#attachment?.mode ?? "drv",
      attached,
      time: date,
      seconds: (performance.now() - this.#attachedAt) / 1000,
      counters: countersOf(sumOfCpus(stats.at(0))),
      verdicts: {
        passed: balance.passed,
        dropped: balance.dropped,
        transmitted: balance.transmitted,
        redirected: balance.redirected,
      },
      fragments: balance.fragments,
      extensionHeaders: balance.extension_headers,
      noHeadroom: balance.no_headroom,
      connections: [...flows.values()].reduce((sum, count) => sum + count, 0),
      connectionCapacity: size.buckets * CONNECTIONS_PER_BUCKET,
      services: this.#set.services.map((service) => service.snapshot((number) => flows.get(number) ?? 0)),
    };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<BalanceSnapshot, void, undefined> {
    try {
      for (let due = performance.now() + this.#interval; await sleepUntil(due, this.#signal); due += this.#interval) {
        const snapshot = this.snapshot();
        yield snapshot;
        if (!snapshot.attached) throw this.#removal();
        if (this.#failure !== undefined) throw this.#failure;
        const late = performance.now() - due;
        if (late > this.#interval) due += late;
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#closing.abort();
    clearInterval(this.#refreshing);
    this.#resources[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #apply(config: ServicesConfig): void {
    this.#set.apply(config, (service) => this.#ways.refresh(service, config));
  }

  #refreshOrFail(): void {
    try {
      this.#refresh();
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #refresh(): void {
    for (const service of this.#set.services) {
      if (this.#ways.refresh(service, this.#config)) service.update();
    }
  }

  /** A backend that is not there yet may come; a way that does not exist is a mistake. */
  #refuseWithoutWay(): void {
    const lost = this.#set.services.flatMap((service) =>
      [...service.backends.values()]
        .filter(({ unreachable, awaitsNeighbour }) => unreachable !== undefined && !awaitsNeighbour)
        .map(({ address, unreachable }) => `service ${service.config.name}, backend ${address.text}: ${unreachable}`),
    );
    if (lost.length > 0)
      throw new EngineError("WEIR_NO_ROUTE", `packets would have nowhere to go\n  ${lost.join("\n  ")}`);
  }

  /** Gives backends that have not been talked to yet the time to say their hardware addresses. */
  async #awaitNeighbours(): Promise<void> {
    const waiting = () =>
      this.#set.services.some((one) => [...one.backends.values()].some((two) => two.awaitsNeighbour));
    for (let waited = 0; waiting() && waited < PATIENCE; waited += LOOK) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      this.#refresh();
    }
  }

  #removal(): EngineError {
    const { name } = this.#target;
    return new EngineError(
      "WEIR_INTERFACE_REMOVED",
      `interface ${name} was removed, or the balancer was taken off it, while it ran`,
    );
  }
}

function refuseMistakes(config: ServicesConfig): void {
  const mistakes = servicesMistakes(config);
  if (mistakes.length === 0) return;
  const lines = mistakes.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new EngineError("WEIR_OPTION", lines.join("\n"));
}

import type { AccessSettings } from "./access-settings.ts";
import { application } from "./http/application.ts";
import { Listener } from "./http/listener.ts";
import { isLoopback, listenAddressText } from "./listen-address.ts";
import type { MetricFamily } from "./metrics/metric-family.ts";
import { Scrapes } from "./metrics/scrapes.ts";

/** Where metrics are to be had, and by whom. */
export interface MetricsEndpointOptions extends AccessSettings {
  /** Of weir, for the metrics. */
  readonly version: string;
  /** Makes the metrics of a scrape, besides those of the process. */
  readonly collect: () => readonly MetricFamily[];
}

/**
 * Answers Prometheus beside something else that a program does, until it is disposed.
 *
 * @example
 * ```ts
 * using monitor = watch("eth0");
 * const access = accessSettings({ listen: "127.0.0.1:9435", tokenFile: undefined, insecure: false });
 * await using endpoint = await MetricsEndpoint.open({ ...access, version: "1", collect: monitorMetrics(monitor, 50) });
 * console.log(endpoint.url); // http://127.0.0.1:9435/metrics
 * ```
 */
export class MetricsEndpoint implements AsyncDisposable {
  readonly #listener: Listener;

  private constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** @throws {ServerError} `WEIR_LISTEN` */
  static async open({ listen, token, version, collect }: MetricsEndpointOptions): Promise<MetricsEndpoint> {
    const scrapes = new Scrapes(version, collect);
    const app = application({
      admission: () => ({ token, isLocal: isLoopback(listen.host) }),
      healthy: () => true,
      metrics: (format) => scrapes.answer(format),
    });
    return new MetricsEndpoint(await Listener.open(listen, app));
  }

  /** Where it answers. */
  get url(): string {
    return `http://${listenAddressText(this.#listener.address)}/metrics`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#listener[Symbol.asyncDispose]();
  }
}

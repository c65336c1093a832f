import { application } from "./http/application.ts";
import { Listener } from "./http/listener.ts";
import { isLoopback, type ListenAddress, listenAddressText } from "./listen-address.ts";
import type { MetricFamily } from "./metrics/metric-family.ts";
import { Scrapes } from "./metrics/scrapes.ts";

/** Where metrics are to be had, and by whom. */
export interface MetricsEndpointOptions {
  readonly listen: ListenAddress;
  /** What requests must have; undefined where none is needed. */
  readonly token: string | undefined;
  /** Of weir, for the metrics. */
  readonly version: string;
  /** Makes the metrics of a scrape, besides those of the process. */
  readonly collect: () => readonly MetricFamily[];
}

/** Answers Prometheus beside a command that does something else, until it is disposed. */
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

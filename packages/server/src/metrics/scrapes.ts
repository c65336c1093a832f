import { counter, gauge, info, type MetricFamily } from "./metric-family.ts";
import { processMetrics } from "./process-metrics.ts";
import type { TextFormat } from "./text-format.ts";

/** Answers scrapes: adds to the metrics of a program those of the process and of the scrapes themselves. */
export class Scrapes {
  readonly #version: string;
  readonly #collect: () => readonly MetricFamily[];
  #count = 0;
  /** Of the last one: reading, and making the text. */
  #seconds = 0;

  /**
   * @param version of weir
   * @param collect reads
   */
  constructor(version: string, collect: () => readonly MetricFamily[]) {
    this.#version = version;
    this.#collect = collect;
  }

  answer(format: TextFormat): string {
    const start = performance.now();
    const text = format.write([...this.#collect(), ...this.#own(), ...processMetrics()]);
    this.#count++;
    this.#seconds = (performance.now() - start) / 1000;
    return text;
  }

  #own(): MetricFamily[] {
    const one = (value: number) => [{ labels: {}, value }];
    return [
      info({ name: "weir_build", help: "The version of weir." }, [{ version: this.#version }]),
      counter(
        { name: "weir_scrapes", help: "Requests for metrics that were answered before this one." },
        one(this.#count),
      ),
      gauge(
        {
          name: "weir_scrape_duration_seconds",
          unit: "seconds",
          help: "How long the metrics before these took to make.",
        },
        one(this.#seconds),
      ),
    ];
  }
}

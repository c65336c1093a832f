/** Names and values of a sample's labels, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number | bigint;
}

/**
 * A metric with all its samples, as both text formats know it. The name is without the ending (`_total`, `_info`) that its type
 * brings.
 */
export interface MetricFamily {
  readonly name: string;
  readonly type: "counter" | "gauge" | "info";
  /** The unit that the name ends with; none for plain numbers of things. */
  readonly unit?: "bytes" | "seconds";
  readonly help: string;
  readonly samples: readonly Sample[];
}

type Described = Omit<MetricFamily, "samples" | "type">;

/** A family of one type with its samples; several make a list that reads like the output. */
export const counter = (family: Described, samples: readonly Sample[]): MetricFamily => ({
  ...family,
  type: "counter",
  samples,
});

export const gauge = (family: Described, samples: readonly Sample[]): MetricFamily => ({
  ...family,
  type: "gauge",
  samples,
});

/** What is known of something, as labels; its value is always 1. */
export const info = (family: Described, labels: readonly Labels[]): MetricFamily => ({
  ...family,
  type: "info",
  samples: labels.map((each) => ({ labels: each, value: 1 })),
});

import type { Labels, MetricFamily } from "./metric-family.ts";

/** A way of writing metrics. */
export interface TextFormat {
  readonly contentType: string;
  write(families: readonly MetricFamily[]): string;
}

const SUFFIXES: Readonly<Record<MetricFamily["type"], string>> = { counter: "_total", gauge: "", info: "_info" };

/** OpenMetrics 1.0, https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
export const OPEN_METRICS: TextFormat = {
  contentType: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  write: (families) => `${families.map(openMetrics).join("")}# EOF\n`,
};

/** The older text format of Prometheus, https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const PROMETHEUS_TEXT: TextFormat = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  write: (families) => families.map(prometheusText).join(""),
};

function openMetrics(family: MetricFamily): string {
  const { name, type, unit, help, samples } = family;
  // Here quotes are escaped in help texts as in values of labels.
  const head = `# TYPE ${name} ${type}\n${unit ? `# UNIT ${name} ${unit}\n` : ""}# HELP ${name} ${escapeLabel(help)}\n`;
  return head + samples.map(sampleWriter(name + SUFFIXES[type])).join("");
}

/** Here the ending is a part of the name, and there is no type for infos. */
function prometheusText({ name, type, help, samples }: MetricFamily): string {
  const whole = name + SUFFIXES[type];
  const kind = type === "info" ? "gauge" : type;
  return `# HELP ${whole} ${escapeHelp(help)}\n# TYPE ${whole} ${kind}\n${samples.map(sampleWriter(whole)).join("")}`;
}

function sampleWriter(name: string): (sample: { labels: Labels; value: number | bigint }) => string {
  return ({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
  };
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function escapeLabel(text: string): string {
  return /[\\"\n]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}

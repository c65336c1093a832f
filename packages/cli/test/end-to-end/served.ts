import type { NetworkNamespace } from "@weir/laboratory";

/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks in a namespace, with curl. */
export function get(namespace: NetworkNamespace, url: string, ...options: readonly string[]): Answer {
  const words = ["-sS", "--max-time", "10", "-w", "\n%{http_code}", ...options, url];
  const text = namespace.run("curl", words);
  const end = text.lastIndexOf("\n");
  return { status: Number(text.slice(end + 1)), body: text.slice(0, end) };
}

/** The value of a metric in the text format, by its name and labels as they are written. */
export function metric(text: string, series: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

import { OPEN_METRICS, PROMETHEUS_TEXT, type TextFormat } from "../metrics/text-format.ts";

/** What a client asks for (RFC 9110, section 12.5.1): the older text, unless it likes OpenMetrics at least as much. */
export function acceptedFormat(accept: string | undefined): TextFormat {
  if (accept === undefined) return PROMETHEUS_TEXT;
  const ranges = accept.split(",").map(parseRange);
  const openMetrics = best(
    ranges.filter(({ type, version }) => type === "application/openmetrics-text" && isKnown(version)),
  );
  const text = best(ranges.filter(({ type }) => type === "text/plain" || type === "text/*" || type === "*/*"));
  return openMetrics > 0 && openMetrics >= text ? OPEN_METRICS : PROMETHEUS_TEXT;
}

interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const values = new Map(
    parameters.map((parameter): [string, string] => {
      const [name = "", value = ""] = parameter.split("=");
      return [name.trim(), value.trim().replaceAll('"', "")];
    }),
  );
  const quality = Number(values.get("q") ?? 1);
  return { type, version: values.get("version"), quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** What is written is 1.0.0, and 0.0.1 reads the same. */
function isKnown(version: string | undefined): boolean {
  return version === undefined || version === "1.0.0" || version === "0.0.1";
}

function best(ranges: readonly MediaRange[]): number {
  return Math.max(0, ...ranges.map(({ quality }) => quality));
}

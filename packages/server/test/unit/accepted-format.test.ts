import { expect, test } from "vitest";
import { acceptedFormat } from "../../src/http/accepted-format.ts";
import { OPEN_METRICS, PROMETHEUS_TEXT } from "../../src/metrics/text-format.ts";

test.for([
  [undefined, PROMETHEUS_TEXT],
  ["*/*", PROMETHEUS_TEXT],
  ["text/html", PROMETHEUS_TEXT],
  ["application/openmetrics-text", OPEN_METRICS],
  [
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    OPEN_METRICS,
  ],
  ['Application/OpenMetrics-Text; Version="1.0.0"; charset=utf-8', OPEN_METRICS],
  ["application/openmetrics-text;version=2.0.0,text/plain;q=0.1", PROMETHEUS_TEXT],
  ["application/openmetrics-text;q=0.4,text/plain", PROMETHEUS_TEXT],
  ["application/openmetrics-text;q=0", PROMETHEUS_TEXT],
  ["application/openmetrics-text;q=nonsense", PROMETHEUS_TEXT],
] as const)("of %j it writes the one that is liked best", ([accept, format]) => {
  expect(acceptedFormat(accept)).toBe(format);
});

import { execFileSync } from "node:child_process";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { counter, gauge, info } from "../../src/metrics/metric-family.ts";
import { OPEN_METRICS, PROMETHEUS_TEXT } from "../../src/metrics/text-format.ts";

const FAMILIES = [
  info({ name: "weir_build", help: "The version." }, [{ version: "1" }]),
  counter({ name: "weir_frame_bytes", unit: "bytes", help: 'A "quoted" \\ help\ntext.' }, [
    { labels: { interface: 'a"b\\c\nd' }, value: 18_446_744_073_709_551_615n },
    { labels: {}, value: 0 },
  ]),
  gauge({ name: "weir_share", help: "A part." }, [{ labels: { a: "1", b: "2" }, value: 0.25 }]),
];

describe("metrics as text", () => {
  test("for OpenMetrics", () => {
    expect(OPEN_METRICS.write(FAMILIES)).toBe(
      String.raw`# TYPE weir_build info
# HELP weir_build The version.
weir_build_info{version="1"} 1
# TYPE weir_frame_bytes counter
# UNIT weir_frame_bytes bytes
# HELP weir_frame_bytes A \"quoted\" \\ help\ntext.
weir_frame_bytes_total{interface="a\"b\\c\nd"} 18446744073709551615
weir_frame_bytes_total 0
# TYPE weir_share gauge
# HELP weir_share A part.
weir_share{a="1",b="2"} 0.25
# EOF
`,
    );
  });

  test("for the older format", () => {
    expect(PROMETHEUS_TEXT.write(FAMILIES)).toBe(
      String.raw`# HELP weir_build_info The version.
# TYPE weir_build_info gauge
weir_build_info{version="1"} 1
# HELP weir_frame_bytes_total A "quoted" \\ help\ntext.
# TYPE weir_frame_bytes_total counter
weir_frame_bytes_total{interface="a\"b\\c\nd"} 18446744073709551615
weir_frame_bytes_total 0
# HELP weir_share A part.
# TYPE weir_share gauge
weir_share{a="1",b="2"} 0.25
`,
    );
  });

  test.skipIf(requireTool("promtool"))("is read by promtool", () => {
    const input = PROMETHEUS_TEXT.write(FAMILIES);
    expect(execFileSync("promtool", ["check", "metrics"], { input }).toString()).toBe("");
  });
});

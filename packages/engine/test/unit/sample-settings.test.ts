import { describe, expect, test } from "vitest";
import { budgetShare, sampleSettings, sampleText } from "../../src/monitor/sample-settings.ts";

const refused = expect.objectContaining({ code: "WEIR_OPTION" });

describe("sample", () => {
  test.each([
    ["1/1", { by: "packets", rate: 1 }],
    ["1/100", { by: "packets", rate: 100 }],
    ["flow:1/65536", { by: "flows", rate: 65_536 }],
  ] as const)("may be %s", (sample, settings) => {
    expect(sampleSettings({ sample })).toEqual(settings);
    expect(sampleText(settings)).toBe(sample);
  });

  test("is everything unless it is given", () => {
    expect(sampleSettings({})).toBeUndefined();
  });

  test.each([
    "",
    "0",
    "1",
    "1/0",
    "2/1",
    "1/65537",
    "1/1e3",
    "1/-5",
    "1/2.5",
    " 1/2",
    "flow:",
    "flow:1/0",
    "flows:1/2",
  ])('must not be "%s"', (sample) => {
    expect(() => sampleSettings({ sample })).toThrow(refused);
    expect(() => sampleSettings({ sample })).toThrow(/must be 1\/N .* or flow:1\/N .* with N from 1 to 65536/);
  });
});

describe("budget", () => {
  test.each([
    ["5%", 0.05],
    ["0.1%", 0.001],
    ["100%", 1],
  ])("may be %s", (budget, share) => {
    expect(budgetShare({ budget })).toBeCloseTo(share, 12);
  });

  test.each(["", "5", "0%", "0.09%", "100.1%", "500%", "-5%", "5 %", "%", "five%"])('must not be "%s"', (budget) => {
    expect(() => budgetShare({ budget })).toThrow(refused);
    expect(() => budgetShare({ budget })).toThrow(/a percentage of one CPU from 0.1% to 100%/);
  });

  test("chooses the rate by itself", () => {
    expect(() => budgetShare({ budget: "5%", sample: "1/10" })).toThrow(refused);
    expect(() => budgetShare({ budget: "5%", sample: "1/10" })).toThrow(/exclude each other/);
  });
});

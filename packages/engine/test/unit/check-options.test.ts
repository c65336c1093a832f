import { describe, expect, test } from "vitest";
import type { Mode } from "../../src/mode.ts";
import { intervalMilliseconds, listSettings, modeSetting, tableSettings } from "../../src/monitor/check-options.ts";
import { tableMemory } from "../../src/monitor/table-size.ts";
import type { SortKey } from "../../src/options.ts";

const refused = expect.objectContaining({ code: "WEIR_OPTION" });

describe("options", () => {
  test("have defaults", () => {
    expect(tableSettings({})).toEqual({ connections: 10_240, idle: 60_000_000_000n });
    expect(listSettings({})).toEqual({ sort: "packets", limit: Number.POSITIVE_INFINITY });
    expect(intervalMilliseconds()).toBe(1000);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 25])("connections must not be %s", (connections) => {
    expect(() => tableSettings({ connections })).toThrow(refused);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("idle must not be %s", (idle) => {
    expect(() => tableSettings({ idle })).toThrow(refused);
  });

  test.each([-1, 0.5, Number.NaN])("limit must not be %s", (limit) => {
    expect(() => listSettings({ limit })).toThrow(refused);
  });

  test("sort must be one of four", () => {
    // What JavaScript may pass.
    expect(() => listSettings({ sort: "name" as SortKey })).toThrow(
      /"name"; it must be one of packets, bytes, rate, recent/,
    );
  });

  test("mode must be one of four", () => {
    // What JavaScript may pass.
    expect(() => modeSetting("DRV" as Mode)).toThrow(/"DRV"; it must be one of auto, drv, skb, hw/);
  });

  test.each([0, -1, Number.NaN, 1e9])("interval must not be %s", (interval) => {
    expect(() => intervalMilliseconds(interval)).toThrow(refused);
  });

  test("say how much memory they cost: two tables, a third more slots than connections, on each CPU", () => {
    expect(tableMemory({ connections: 300 }) % (400 * (48 + 72 + 4))).toBe(0);
    expect(tableMemory({ connections: 300 })).toBeGreaterThan(0);
    expect(tableMemory({ connections: 300, sample: "flow:1/2" })).toBe(tableMemory({ connections: 300 }));
    const estimates = tableMemory({ connections: 300, sample: "1/2" });
    expect(estimates / tableMemory({ connections: 300 })).toBeCloseTo((48 + 72 + 4 + 64) / (48 + 72 + 4), 12);
    expect(tableMemory({ connections: 300, budget: "5%" })).toBe(estimates);
  });
});

import { describe, expect, test } from "vitest";
import { formatBitRate, formatBytes, formatCount, formatDuration, formatRate, plural } from "../../src/text/units.ts";

describe("units", () => {
  test.each([
    [0n, "0"],
    [999n, "999"],
    [14_808n, "14,808"],
    [99_999n, "99,999"],
    [100_000n, "100k"],
    [999_499n, "999k"],
    [999_500n, "1.00M"],
    [1_234_567n, "1.23M"],
    [18_446_744_073_709_551_615n, "18.4E"],
  ])("counts %s as %s", (value, text) => expect(formatCount(value)).toBe(text));

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.00 kB"],
    [9_994, "9.99 kB"],
    [9_996, "10.0 kB"],
    [99_960, "100 kB"],
    [1_234_567_890, "1.23 GB"],
  ])("gives %s bytes as %s", (value, text) => expect(formatBytes(value)).toBe(text));

  test.each([
    [0, "0/s"],
    [0.25, "0.3/s"],
    [9.96, "10.0/s"],
    [12.4, "12/s"],
    [1_234_567, "1.23M/s"],
  ])("gives the rate %s as %s", (value, text) => expect(formatRate(value)).toBe(text));

  test("gives bytes per second as bits per second", () => expect(formatBitRate(1_250_000)).toBe("10.0 Mbit/s"));

  test.each([
    [-1, "0 s"],
    [59.4, "59 s"],
    [185, "3 min 05 s"],
    [7_380, "2 h 03 min"],
    [363_600, "4 d 05 h"],
  ])("gives %s seconds as %s", (value, text) => expect(formatDuration(value)).toBe(text));

  test("knows one from many", () => {
    expect(plural(1n, "packet")).toBe("1 packet");
    expect(plural(0, "packet")).toBe("0 packets");
  });
});

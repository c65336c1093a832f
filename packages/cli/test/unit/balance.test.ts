import { describe, expect, test } from "vitest";
import { cpuList } from "../../src/commands/balance/cpus.ts";

describe("a list of CPUs", () => {
  test.each([
    ["0", [0]],
    ["0,2-3", [0, 2, 3]],
    ["7-7", [7]],
    ["3,1", [3, 1]],
  ])("%s", (text, cpus) => {
    expect(cpuList(text)).toEqual(cpus);
  });

  test.each(["", "a", "1-", "-1", "3-1", "0,", "0-3:2", "0-99999999", " 1"])("%j is none", (text) => {
    expect(() => cpuList(text)).toThrow("It must be a list of CPUs, such as 0,2-3.");
  });
});

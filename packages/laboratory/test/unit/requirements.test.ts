import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { requirePath, requireTool } from "../../src/index.ts";
import { readLeftOut } from "../../src/requirements/left-out.ts";

describe("requireTool", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "weir-requirements-"));
    vi.stubEnv("WEIR_TEST_LEFT_OUT", join(directory, "left-out"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  test("has nothing to say when the path is there", () => {
    expect(requirePath("/proc", "mount it")).toBeUndefined();
    expect(readLeftOut(join(directory, "left-out"))).toEqual([]);
  });

  test("writes down what is missing, where, and what brings it", () => {
    expect(requirePath("/nowhere", "make it")).toBe("/nowhere is not there (make it)");
    expect(requirePath("/nowhere", "make it")).toBeDefined();
    const testFile = "packages/laboratory/test/unit/requirements.test.ts";
    expect(readLeftOut(join(directory, "left-out"))).toEqual([
      { testFile, reason: "/nowhere is not there", remedy: "make it" },
    ]);
  });

  test("finds tools in the folders of root whatever the PATH", () => {
    vi.stubEnv("PATH", "");
    const installed = existsSync("/usr/sbin/ip") || existsSync("/sbin/ip");
    expect(requireTool("ip")).toBe(installed ? undefined : "ip is not installed (apt install iproute2)");
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MemoryLimit } from "../fixtures/memory-limit.ts";

const script = fileURLToPath(new URL("../fixtures/make-large-map.ts", import.meta.url));

/** Why memory cannot be limited here; the group is gone again at once. */
function whyUnlimited(): string {
  using limit = MemoryLimit.of(1 << 30);
  return limit === undefined ? " (left out: no control groups with the memory controller are mounted)" : "";
}

const missing = whyUnlimited();

test.skipIf(missing !== "")(`a control group's limit is named where it stops a map${missing}`, () => {
  using limit = MemoryLimit.of(300 << 20);
  const words = ["--conditions=source", script, limit?.processes ?? ""];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    code: "WEIR_NO_MEMORY",
    message: expect.stringContaining("the cgroup's memory limit is reached"),
  });
});

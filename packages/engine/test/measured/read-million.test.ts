import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { requireRoot, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";

const SCRIPT = join(import.meta.dirname, "read-million.ts");
/** How many times as long as the yardstick a reading may take. It is 3.5, where a reading takes 50 ms. */
const BUDGET = 6.5;
/** To fill the table takes most of it. */
const PATIENCE = 110_000;

test.skipIf(requireRoot() ?? requireTool("taskset"))(
  "a million connections are read, with totals and the first hundred of them, within the budget of time",
  () => {
    const words = ["--conditions=source", SCRIPT, String(BUDGET)];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: "utf8", timeout: PATIENCE });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { reading, yardstick } = JSON.parse(stdout);
    expect(reading / yardstick).toBeLessThan(BUDGET);
  },
);

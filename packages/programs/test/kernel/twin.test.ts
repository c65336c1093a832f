import { execFileSync } from "node:child_process";
import { withConfig } from "@weir/bytecode";
import { requireRoot, requireTool } from "@weir/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { monitorObject } from "../../src/index.ts";
import { LoadedMonitor } from "../loaded-monitor.ts";
import { randomFrame, randomNumbers, samples } from "../random-frames.ts";
import { compileC } from "../twin/compile-c.ts";

const SLOTS = 8192;
const CONNECTIONS = 4000;

function both(): { readonly monitor: LoadedMonitor; readonly twin: LoadedMonitor } & Disposable {
  const stack = new DisposableStack();
  const settings = { slots: SLOTS, connections: CONNECTIONS, sections: 1, idle_ns: 0, multi_buffer: 1 };
  const macros = { SLOTS, CONNECTIONS, SECTIONS: 1, IDLE_NS: 0, MULTI_BUFFER: 1 };
  const monitor = stack.use(new LoadedMonitor(withConfig(monitorObject(), settings), SLOTS));
  const twin = stack.use(new LoadedMonitor(compileC("monitor.c", macros), SLOTS));
  return { monitor, twin, [Symbol.dispose]: () => stack[Symbol.dispose]() };
}

describe.skipIf(requireRoot() ?? requireTool("clang", "taskset"))("the monitor and its twin in C", () => {
  // Only CPU 0 has a section: so every connection of both has its slot at the same place.
  beforeAll(() => {
    execFileSync("taskset", ["--cpu-list", "--pid", "0", String(process.pid)]);
  });

  test("count 100,000 random frames alike, in tables that overflow", () => {
    using pair = both();
    const random = randomNumbers(0x5eed);
    for (let count = 0; count < 100_000; count++) {
      const data = randomFrame(random);
      const verdict = pair.monitor.program.testRun({ data }).verdict;
      expect(verdict).toBe(pair.twin.program.testRun({ data }).verdict);
    }
    expect(pair.monitor.counters()).toEqual(pair.twin.counters());
    expect(pair.monitor.rows()).toEqual(pair.twin.rows());
    const { frames, overflow } = pair.monitor.counters();
    expect(frames).toBe(100_000n);
    expect(overflow).toBeGreaterThan(0n);
  });

  test("count every sample alike, cut off at every length", () => {
    using pair = both();
    for (const sample of samples) {
      const whole = sample.toBytes();
      for (let length = 14; length <= whole.length; length++) {
        const data = whole.subarray(0, length);
        pair.monitor.program.testRun({ data });
        pair.twin.program.testRun({ data });
        expect(pair.monitor.counters(), `${length} bytes of ${Buffer.from(whole).toString("hex")}`).toEqual(
          pair.twin.counters(),
        );
      }
    }
    expect(pair.monitor.rows()).toEqual(pair.twin.rows());
  });
});

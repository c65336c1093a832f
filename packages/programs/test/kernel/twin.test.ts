import { withConfig } from "@weir/bytecode";
import { requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import { beforeAll, describe, expect, test } from "vitest";
import { FLOW_WAYS, monitorObject, sampledMonitorObject } from "../../src/index.ts";
import { LoadedMonitor, packetsOf, sampledOf } from "../loaded-monitor.ts";
import { randomFrame, randomNumbers, samples } from "../random-frames.ts";
import { compileC } from "../twin/compile-c.ts";

const SLOTS = 8192;
const CONNECTIONS = 4000;
/** One of three flows is sampled. */
const LIMIT = 2n ** 64n / 3n;

/** How both sample: 0 everything, 1 packets, 2 flows. */
type Sampling = 0 | 1 | 2;

function both(by: Sampling = 0): { readonly monitor: LoadedMonitor; readonly twin: LoadedMonitor } & Disposable {
  const stack = new DisposableStack();
  const settings = {
    flow_buckets: SLOTS / FLOW_WAYS,
    connections: CONNECTIONS,
    sections: 1,
    idle_ns: 0,
    multi_buffer: 1,
  };
  const macros = { SLOTS, CONNECTIONS, SECTIONS: 1, IDLE_NS: 0, MULTI_BUFFER: 1 };
  const object =
    by === 0 ? monitorObject() : withConfig(sampledMonitorObject(), { sample_flows: by === 2 ? LIMIT : 0n });
  const sampling = by === 0 ? undefined : { weight: 3n, seed: 0x5eedn };
  const monitor = stack.use(new LoadedMonitor(withConfig(object, settings), SLOTS, sampling));
  const twin = stack.use(
    new LoadedMonitor(compileC("monitor.c", { ...macros, SAMPLING_BY: by, FLOW_LIMIT: LIMIT }), SLOTS, sampling),
  );
  return { monitor, twin, [Symbol.dispose]: () => stack[Symbol.dispose]() };
}

describe.skipIf(requireRoot() ?? requireTool("clang", "taskset"))("the monitor and its twin in C", () => {
  // Only CPU 0 has a section: so every connection of both has its slot at the same place.
  beforeAll(stayOnOneCpu);

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

  test.each([
    ["packets", 1],
    ["flows", 2],
  ] as const)("sample %s alike", (_, by) => {
    using pair = both(by);
    const random = randomNumbers(0x5eed);
    for (let count = 0; count < 30_000; count++) {
      const data = randomFrame(random);
      pair.monitor.program.testRun({ data });
      pair.twin.program.testRun({ data });
    }
    expect(pair.monitor.counters()).toEqual(pair.twin.counters());
    expect(pair.monitor.rows()).toEqual(pair.twin.rows());
    const { frames, unattributed, overflow, sampled_out } = pair.monitor.counters();
    const rows = pair.monitor.rows();
    const inRows = by === 1 ? sampledOf(rows) : packetsOf(rows);
    expect(inRows + (unattributed ?? 0n) + (overflow ?? 0n) + (sampled_out ?? 0n)).toBe(frames);
    expect(inRows).toBeGreaterThan(5000n);
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

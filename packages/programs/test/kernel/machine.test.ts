import { presentCpus } from "@weir/kernel";
import { requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import { loadForTest, type ObjectUnderTest } from "@weir/testing";
import { expect, test } from "vitest";
import { FLOW_WAYS, flowTableSizes, monitorObject, Stats, XdpConn6Stats, XdpConnStats } from "../../src/index.ts";
import { randomFrame, randomNumbers, samples } from "../random-frames.ts";

const SLOTS = 1344;
const FRAMES = 500;

/** What was counted, a connection's packets on all CPUs added up; when it was last seen aside. */
function counted(object: ObjectUnderTest) {
  const rows: Record<string, readonly [packets: bigint, bytes: bigint]> = {};
  for (const [, slot] of [
    ...object.arrayMap("XDP_CONN_STATS", XdpConnStats).entries(),
    ...object.arrayMap("XDP_CONN6_STATS", XdpConn6Stats).entries(),
  ]) {
    const { last_seen_ns: _, packet_count, byte_count, ...connection } = slot;
    if (packet_count === 0n) continue;
    const name = Object.values(connection).join(" ");
    const [packets, bytes] = rows[name] ?? [0n, 0n];
    rows[name] = [packets + packet_count, bytes + byte_count];
  }
  return { stats: object.perCpuArrayMap("STATS", Stats).total(0), rows };
}

test.skipIf(requireRoot() ?? requireTool("taskset"))(
  "the monitor counts in the machine what it counts in the kernel",
  async () => {
    // A connection takes a slot on each CPU that sees it, and the machine is one CPU.
    stayOnOneCpu();
    const sections = presentCpus();
    const options = {
      config: { flow_buckets: SLOTS / FLOW_WAYS, connections: 1000, sections, idle_ns: 0n },
      sizes: flowTableSizes(SLOTS * sections),
    };
    using machine = await loadForTest(monitorObject(), { ...options, in: "machine" });
    using kernel = await loadForTest(monitorObject(), { ...options, in: "kernel" });
    const random = randomNumbers(7);
    const frames = [
      ...samples.map((sample) => sample.toBytes()),
      ...Array.from({ length: FRAMES }, () => randomFrame(random)),
    ];
    for (const frame of frames) {
      const [left, right] = [machine, kernel].map((object) => object.program().run(frame));
      expect(left?.verdict).toBe(right?.verdict);
    }
    const inMachine = counted(machine);
    expect(inMachine).toEqual(counted(kernel));
    expect(inMachine.stats?.frames).toBe(BigInt(frames.length));
    expect(Object.keys(inMachine.rows).length).toBeGreaterThan(50);
  },
);

import { decode } from "@weir/bytecode/layout";
import { Stats } from "@weir/programs";
import { expect, test } from "vitest";
import { prove } from "../../src/monitor/account.ts";
import { type StatsSums, sumStats } from "../../src/monitor/stats-sums.ts";

function stats(values: Partial<StatsSums>): StatsSums {
  return { ...decode(Stats, new DataView(new ArrayBuffer(Stats.size))), ...values };
}

test("adds up the parts of all CPUs", () => {
  const parts = [stats({ frames: 1n, arp: 2n }), stats({ frames: 10n }), stats({ frames: 100n, overflow: 3n })];
  expect(sumStats(parts)).toEqual(stats({ frames: 111n, arp: 2n, overflow: 3n }));
});

test("at rest, seen is the sum of what became of the frames", () => {
  const rest = stats({ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 15n });
  expect(prove({ before: rest, flowPackets: 60n, after: rest, seenAfter: 100n })).toEqual({
    seenBefore: 100n,
    seenAfter: 100n,
    accounted: 75n,
    unattributed: 20n,
    overflow: 5n,
    holds: true,
    exact: true,
  });
});

test.each([
  ["lost", 59n],
  ["counted twice", 61n],
])("at rest, one frame that was %s is found", (_, flowPackets) => {
  const rest = stats({ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 15n });
  expect(prove({ before: rest, flowPackets, after: rest, seenAfter: 100n })).toMatchObject({
    holds: false,
    exact: true,
  });
});

test("under load, the sum may be anywhere between what was seen before and after", () => {
  const before = stats({ frames: 100n, unattributed: 20n });
  const after = stats({ frames: 150n, unattributed: 30n });
  const holds = (flowPackets: bigint): boolean => prove({ before, flowPackets, after, seenAfter: 160n }).holds;
  expect([69n, 70n, 140n, 141n].map(holds)).toEqual([false, true, true, false]);
});

test("a connection that loses its slot during the reading is neither missed nor counted twice", () => {
  const before = stats({ frames: 100n });
  const after = stats({ frames: 100n, evicted_packets: 40n });
  // Read before it went, and read after.
  expect(prove({ before, flowPackets: 100n, after, seenAfter: 100n }).holds).toBe(true);
  expect(prove({ before, flowPackets: 60n, after, seenAfter: 100n }).holds).toBe(true);
  expect(prove({ before, flowPackets: 59n, after, seenAfter: 100n }).holds).toBe(false);
});

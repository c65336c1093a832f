import { decode } from "@weir/bytecode/layout";
import { Stats } from "@weir/programs";
import { expect, test } from "vitest";
import { type Account, prove } from "../../src/monitor/account.ts";
import type { StatsSums } from "../../src/monitor/stats-sums.ts";
import { sumOfCpus } from "../../src/per-cpu-sums.ts";

function stats(values: Partial<StatsSums>): StatsSums {
  return { ...decode(Stats, new DataView(new ArrayBuffer(Stats.size))), ...values };
}

interface Frames extends Pick<Account, "before" | "flowPackets" | "after"> {
  readonly seenAfter: bigint;
}

/** Where everything is counted, and nothing is dropped. */
const proveAll = ({ seenAfter, ...account }: Frames) =>
  prove({ estimates: false, flowDrops: 0n, ...account, last: { ...account.after, frames: seenAfter } });

test("adds up the parts of all CPUs", () => {
  const parts = [stats({ frames: 1n, arp: 2n }), stats({ frames: 10n }), stats({ frames: 100n, overflow: 3n })];
  expect(sumOfCpus(parts)).toEqual(stats({ frames: 111n, arp: 2n, overflow: 3n }));
});

test("at rest, seen is the sum of what became of the frames", () => {
  const rest = stats({ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 15n });
  expect(proveAll({ before: rest, flowPackets: 60n, after: rest, seenAfter: 100n })).toEqual({
    seenBefore: 100n,
    seenAfter: 100n,
    accounted: 75n,
    unattributed: 20n,
    overflow: 5n,
    sampledOut: 0n,
    passed: 100n,
    dropped: { byRule: 0n, byLimit: 0n, byDefault: 0n },
    holds: true,
    exact: true,
  });
});

test.each([
  ["lost", 59n],
  ["counted twice", 61n],
])("at rest, one frame that was %s is found", (_, flowPackets) => {
  const rest = stats({ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 15n });
  expect(proveAll({ before: rest, flowPackets, after: rest, seenAfter: 100n })).toMatchObject({
    holds: false,
    exact: true,
  });
});

test("under load, the sum may be anywhere between what was seen before and after", () => {
  const before = stats({ frames: 100n, unattributed: 20n });
  const after = stats({ frames: 150n, unattributed: 30n });
  const holds = (flowPackets: bigint): boolean => proveAll({ before, flowPackets, after, seenAfter: 160n }).holds;
  expect([69n, 70n, 140n, 141n].map(holds)).toEqual([false, true, true, false]);
});

test("a connection that loses its slot during the reading is neither missed nor counted twice", () => {
  const before = stats({ frames: 100n });
  const after = stats({ frames: 100n, evicted_packets: 40n });
  // Read before it went, and read after.
  expect(proveAll({ before, flowPackets: 100n, after, seenAfter: 100n }).holds).toBe(true);
  expect(proveAll({ before, flowPackets: 60n, after, seenAfter: 100n }).holds).toBe(true);
  expect(proveAll({ before, flowPackets: 59n, after, seenAfter: 100n }).holds).toBe(false);
});

test("where packets are sampled, those are counted that were, and those that were not", () => {
  // What was evicted is estimated as 1,200 packets.
  const rest = stats({ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 1200n, evicted_sampled: 12n });
  const after = { ...rest, sampled_out: 60n };
  const account = { before: rest, flowPackets: 3n, flowDrops: 0n, after, last: after };
  expect(prove({ estimates: true, ...account })).toMatchObject({ accounted: 15n, sampledOut: 60n, holds: true });
  expect(prove({ estimates: true, ...account, flowPackets: 2n }).holds).toBe(false);
  // Connections that were chosen are counted exactly.
  const chosen = stats({ frames: 100n, evicted_packets: 30n, sampled_out: 60n });
  expect(proveAll({ before: chosen, flowPackets: 10n, after: chosen, seenAfter: 100n }).holds).toBe(true);
  expect(proveAll({ before: chosen, flowPackets: 11n, after: chosen, seenAfter: 100n }).holds).toBe(false);
});

test("at rest, what is dropped is what connections and the others lack", () => {
  const causes = { dropped_by_rule: 20n, dropped_by_limit: 7n, dropped_by_default: 3n };
  const rest = stats({
    ...causes,
    ...{ frames: 100n, unattributed: 20n, overflow: 5n, evicted_packets: 15n, sampled_out: 10n },
    ...{ unattributed_drops: 6n, overflow_drops: 2n, evicted_drops: 1n, sampled_out_drops: 3n },
  });
  const account = { estimates: false, before: rest, flowPackets: 50n, after: rest, last: rest };
  expect(prove({ ...account, flowDrops: 18n })).toMatchObject({
    passed: 70n,
    dropped: { byRule: 20n, byLimit: 7n, byDefault: 3n },
    holds: true,
    exact: true,
  });
  // Dropped without being counted by a connection, and the other way round.
  expect(prove({ ...account, flowDrops: 17n }).holds).toBe(false);
  expect(prove({ ...account, flowDrops: 19n }).holds).toBe(false);
});

test("under load, drops may be anywhere between what was decided before and after", () => {
  const before = stats({ frames: 100n, dropped_by_rule: 40n, unattributed_drops: 10n });
  const after = stats({ frames: 100n, dropped_by_rule: 45n, dropped_by_limit: 5n, unattributed_drops: 12n });
  const last = stats({ frames: 100n, dropped_by_rule: 50n, dropped_by_limit: 10n, unattributed_drops: 14n });
  const holds = (flowDrops: bigint): boolean =>
    prove({ estimates: false, before, flowPackets: 100n, flowDrops, after, last }).holds;
  expect([27n, 28n, 50n, 51n].map(holds)).toEqual([false, true, true, false]);
});

test("drops of a connection that loses its slot during the reading are neither missed nor counted twice", () => {
  const before = stats({ frames: 100n, dropped_by_rule: 50n });
  const after = stats({ ...before, evicted_packets: 40n, evicted_drops: 30n });
  const holds = (flowPackets: bigint, flowDrops: bigint): boolean =>
    prove({ estimates: false, before, flowPackets, flowDrops, after, last: after }).holds;
  expect(holds(100n, 50n)).toBe(true);
  expect(holds(60n, 20n)).toBe(true);
  expect(holds(60n, 19n)).toBe(false);
});

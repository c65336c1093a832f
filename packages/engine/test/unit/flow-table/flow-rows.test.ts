import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionAt } from "../../../src/flow-table/connection-row.ts";
import { IPV4_FLOWS, IPV6_FLOWS } from "../../../src/flow-table/flow-family.ts";
import type { FlowRows } from "../../../src/flow-table/flow-rows.ts";
import { keyHash } from "../../../src/flow-table/key-hash.ts";
import { NO_ROW } from "../../../src/flow-table/key-index.ts";
import { connectionsIn, type Flow, ipv4Memory, ipv6Memory, rowsOf } from "./flow-memory.ts";

const count = fc.bigInt({ min: 1n, max: 2n ** 60n });
const flow: fc.Arbitrary<Flow> = fc.record({
  id: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 24 - 1 })),
  packets: count,
  bytes: count,
  lastSeen: count,
  drops: fc.oneof(fc.constant(0n), count),
});
const slots = fc.array(fc.option(flow, { nil: undefined }), { maxLength: 60 });

const families = [
  { family: IPV4_FLOWS, memory: ipv4Memory },
  { family: IPV6_FLOWS, memory: ipv6Memory },
];

/** What connections have, the one with the lowest source port first. */
function sums(rows: FlowRows) {
  return connectionsIn(rows)
    .map((row) => connectionAt(rows, row))
    .map(({ source, sourcePort, packets, bytes, drops, lastSeen }) => ({
      ...{ name: `${source} ${sourcePort}`, port: sourcePort },
      ...{ packets, bytes, drops, lastSeen },
    }))
    .sort((a, b) => a.port - b.port || (a.name < b.name ? -1 : 1));
}

/** The row that a connection of another reading has. */
function find(rows: FlowRows, other: FlowRows, row: number): number {
  const inSlot = rows.findInSlot(other, row);
  return inSlot === NO_ROW ? (rows.findMoved(other).get(row) ?? NO_ROW) : inSlot;
}

/** The flows of each connection. */
function byConnection(flows: readonly (Flow | undefined)[]): Map<number, Flow[]> {
  return Map.groupBy(
    flows.filter((candidate) => candidate !== undefined),
    ({ id }) => id,
  );
}

const sumOf = (flows: readonly Flow[], value: (flow: Flow) => bigint) =>
  flows.reduce((sum, each) => sum + value(each), 0n);

describe.each(families)("rows of $family.map", ({ family, memory }) => {
  test("are the sums of what all slots have under the same key", () => {
    fc.assert(
      fc.property(slots, (flows) => {
        const rows = rowsOf(family, memory(flows));
        const expected = [...byConnection(flows)].map(([id, same]) => ({
          port: id & 0xffff,
          packets: sumOf(same, ({ packets }) => packets),
          bytes: sumOf(same, ({ bytes }) => bytes),
          drops: sumOf(same, ({ drops = 0n }) => drops),
          lastSeen: same.reduce((latest, { lastSeen }) => (lastSeen > latest ? lastSeen : latest), 0n),
        }));
        expect(sums(rows)).toEqual(expect.arrayContaining(expected.map((each) => expect.objectContaining(each))));
        expect(rows.connections).toBe(expected.length);
        expect(connectionsIn(rows)).toHaveLength(expected.length);
      }),
    );
  });

  test("have all that is counted", () => {
    fc.assert(
      fc.property(slots, (flows) => {
        const rows = rowsOf(family, memory(flows));
        const present = flows.filter((each) => each !== undefined);
        expect(rows.packets.sum(rows.count)).toBe(sumOf(present, ({ packets }) => packets));
        expect(rows.countedPackets()).toBe(rows.packets.sum(rows.count));
        expect(rows.droppedPackets()).toBe(sumOf(present, ({ drops = 0n }) => drops));
      }),
    );
  });

  test("are the same in memory that was used before, and in several sections", () => {
    fc.assert(
      fc.property(slots, slots, fc.nat(60), (before, flows, first) => {
        const used = rowsOf(family, memory(before));
        const [one, two] = [flows.slice(0, first), flows.slice(first)];
        const sections = [one, two].map((part) => new Uint32Array(memory(part)));
        used.refill(sections.map((words, section) => ({ words, first: section * first })));
        const fresh = rowsOf(family, memory(flows));
        expect(sums(used)).toEqual(sums(fresh));
        expect(used.droppedPackets()).toBe(fresh.droppedPackets());
        expect(connectionsIn(fresh).map((row) => find(used, fresh, row))).toEqual(connectionsIn(fresh));
      }),
    );
  });

  test("are found again in the tables of another moment, and others are not", () => {
    fc.assert(
      fc.property(slots, slots, (before, after) => {
        const earlier = rowsOf(family, memory(before));
        const later = rowsOf(family, memory(after));
        const nameAt = (rows: FlowRows, row: number) => {
          const { source, sourcePort } = connectionAt(rows, row);
          return `${source} ${sourcePort}`;
        };
        const names = new Map(connectionsIn(earlier).map((row) => [nameAt(earlier, row), row]));
        for (const row of connectionsIn(later)) {
          expect(find(earlier, later, row)).toBe(names.get(nameAt(later, row)) ?? NO_ROW);
        }
      }),
    );
  });

  test("are found in their slots where others have come between them, and gone", () => {
    const flows = Array.from({ length: 2000 }, (_, id) => ({ id, packets: 1n, bytes: 1n, lastSeen: 1n }));
    const earlier = rowsOf(family, memory(flows.map((each) => (each.id % 3 === 0 ? undefined : each))));
    const later = rowsOf(family, memory(flows.map((each) => (each.id % 7 === 0 ? undefined : each))));
    const found = connectionsIn(later).map((row) => earlier.findInSlot(later, row));
    const kept = flows.filter(({ id }) => id % 7 !== 0);
    expect(found).toEqual(kept.map(({ id }) => (id % 3 === 0 ? NO_ROW : id - 1 - Math.floor(id / 3))));
    expect(earlier.findMoved(later)).toEqual(new Map());
  });

  test("are found where they have moved to other slots, and those that are new are not", () => {
    const flows = Array.from({ length: 1000 }, (_, id) => ({ id, packets: 1n, bytes: 1n, lastSeen: 1n }));
    const earlier = rowsOf(family, memory(flows.slice(0, 800)));
    const later = rowsOf(family, memory(flows.toReversed()));
    // The one in slot 799 then was in slot 200 now, and so on.
    const moved = flows.slice(0, 800).map(({ id }) => [999 - id, id] as const);
    const stayed = moved.filter(([now, then]) => now === then);
    expect(stayed).toEqual([]);
    expect(earlier.findMoved(later)).toEqual(new Map(moved));
  });
});

test("connections whose keys have the same hash are told apart", () => {
  const flows = [1, 2, 1, 2, 1].map((id, slot) => ({ id, packets: 10n ** BigInt(slot), bytes: 1n, lastSeen: 1n }));
  const words = new Uint32Array(ipv4Memory(flows));
  const { keyStart, keyWords, size } = IPV4_FLOWS;
  const keyOf = (slot: number) => slot * (size / 4) + keyStart;
  // The second one gets the key of the first, but for bits whose changes cancel each other out in the hash.
  for (const slot of [1, 3]) {
    words.copyWithin(keyOf(slot), keyOf(0), keyOf(0) + keyWords);
    words[keyOf(slot)] = (words[keyOf(0)] ?? 0) ^ 0x8000_0000;
    words[keyOf(slot) + 1] = (words[keyOf(0) + 1] ?? 0) ^ 0x8001_0000;
  }
  expect(keyHash(words, keyOf(1), keyWords)).toBe(keyHash(words, keyOf(0), keyWords));
  const rows = rowsOf(IPV4_FLOWS, words.buffer);
  expect(connectionsIn(rows).map((row) => rows.packets.bigint(row))).toEqual([10_101n, 1010n]);
  expect(connectionsIn(rows).map((row) => find(rows, rows, row))).toEqual(connectionsIn(rows));
});

test("a row becomes a connection with addresses and ports as text and numbers", () => {
  const only: Flow = { id: 0x0007_1234, packets: 3n, bytes: 180n, lastSeen: 9n };
  const expected = {
    kind: "l4",
    protocol: { number: 6, name: "tcp" },
    sourcePort: 0x1234,
    destinationPort: 443,
    packets: 3n,
    bytes: 180n,
    drops: 1n,
    lastSeen: 9n,
  };
  const ipv4 = connectionAt(rowsOf(IPV4_FLOWS, ipv4Memory([undefined, only])), 0);
  expect(ipv4).toEqual({ ...expected, source: "192.0.2.7", destination: "198.51.100.7" });
  const ipv6 = connectionAt(rowsOf(IPV6_FLOWS, ipv6Memory([only])), 0);
  expect(ipv6).toEqual({ ...expected, source: "2001:db8::7", destination: "::1" });
});

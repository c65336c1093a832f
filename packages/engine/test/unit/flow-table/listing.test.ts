import { describe, expect, test } from "vitest";
import { connectionAt } from "../../../src/flow-table/connection-row.ts";
import { IPV4_FLOWS, IPV6_FLOWS } from "../../../src/flow-table/flow-family.ts";
import { growthSince } from "../../../src/flow-table/growth.ts";
import { list } from "../../../src/flow-table/listing.ts";
import type { SortKey } from "../../../src/options.ts";
import { type Flow, ipv4Memory, ipv6Memory, rowsOf } from "./flow-memory.ts";

const of = (id: number, packets: bigint, bytes: bigint, lastSeen: bigint): Flow => ({ id, packets, bytes, lastSeen });

const before = [rowsOf(IPV4_FLOWS, ipv4Memory([of(1, 90n, 90n, 1n), of(2, 5n, 5n, 1n)]))];
const now = [
  rowsOf(IPV4_FLOWS, ipv4Memory([of(1, 100n, 100n, 50n), of(2, 30n, 500n, 60n), of(3, 4n, 40n, 2n)])),
  rowsOf(IPV6_FLOWS, ipv6Memory([of(4, 40n, 41n, 70n)])),
];

function listed(families: Parameters<typeof list>[0], sort: SortKey, limit: number, idleBefore = 0n) {
  const { connections, ...others } = list(families, { sort, limit, idleBefore }, growthSince(before), connectionAt);
  return { ports: connections.map(({ sourcePort }) => sourcePort), ...others };
}

describe("connections are sorted by", () => {
  test.each([
    ["packets", [1, 4, 2, 3]],
    ["bytes", [2, 1, 4, 3]],
    ["recent", [4, 2, 1, 3]],
    ["rate", [4, 2, 1, 3]],
  ] as const)("%s, those of both IP versions together", (sort, expected) => {
    expect(listed(now, sort, Number.POSITIVE_INFINITY).ports).toEqual(expected);
    expect(listed(now, sort, 2).ports).toEqual(expected.slice(0, 2));
    expect(listed(now, sort, 0)).toMatchObject({ ports: [], tracked: 4 });
  });
});

test("connections that were silent for too long are summed and not listed", () => {
  expect(listed(now, "packets", 10, 50n).ports).toEqual([1, 4, 2]);
  const { tracked, idle } = listed(now, "packets", 10, 51n);
  expect({ tracked, idle }).toEqual({ tracked: 2, idle: { connections: 2n, packets: 104n, bytes: 140n } });
});

test("a connection with several slots has its sums, and is as old as the latest of them", () => {
  const slots = [of(1, 6n, 1n, 10n), of(2, 7n, 1n, 10n), of(3, 9n, 1n, 90n), of(1, 5n, 1n, 90n), of(3, 1n, 1n, 10n)];
  const families = [rowsOf(IPV4_FLOWS, ipv4Memory(slots))];
  expect(listed(families, "packets", 10)).toMatchObject({ ports: [1, 3, 2], tracked: 3 });
  expect(listed(families, "packets", 10, 50n)).toEqual({
    ports: [1, 3],
    tracked: 2,
    idle: { connections: 1n, packets: 7n, bytes: 1n },
  });
});

test("few of many are the same as the first of all", () => {
  const slots = Array.from({ length: 3000 }, (_, id) => of(id, BigInt((id * 7919) % 500), 1n, 1n));
  const families = [rowsOf(IPV4_FLOWS, ipv4Memory(slots))];
  const { ports } = listed(families, "packets", Number.POSITIVE_INFINITY);
  expect(ports).toHaveLength(3000);
  for (const limit of [1, 7, 100, 187, 188, 1000]) {
    expect(listed(families, "packets", limit).ports).toEqual(ports.slice(0, limit));
  }
});

test("a connection that has less than before has begun anew: all of it is gain", () => {
  const growth = (from: typeof now, to: typeof now, row: number) => {
    const [rows] = to;
    if (rows === undefined) throw new Error("the tables are above");
    return growthSince(from)(rows)(row);
  };
  expect(growth(now, before, 0)).toEqual({ packets: 90, bytes: 90 });
  expect(growth(before, now, 0)).toEqual({ packets: 10, bytes: 10 });
  expect(growth(before, now, 2)).toEqual({ packets: 4, bytes: 40 });
});

test("a connection has gained as much when it has moved to another slot", () => {
  const then = [rowsOf(IPV4_FLOWS, ipv4Memory([of(1, 90n, 90n, 1n), of(2, 5n, 5n, 1n)]))];
  const moved = [
    rowsOf(IPV4_FLOWS, ipv4Memory([undefined, of(3, 7n, 7n, 1n), of(2, 8n, 9n, 1n), of(1, 90n, 90n, 1n)])),
  ];
  const growth = growthSince(then);
  expect(moved.flatMap((rows) => [0, 1, 2].map((row) => growth(rows)(row).packets))).toEqual([7, 3, 0]);
});

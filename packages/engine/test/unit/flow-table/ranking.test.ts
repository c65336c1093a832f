import { describe, expect, test } from "vitest";
import { connectionAt } from "../../../src/flow-table/connection-row.ts";
import { IPV4_FLOWS, IPV6_FLOWS } from "../../../src/flow-table/flow-family.ts";
import { FlowRows } from "../../../src/flow-table/flow-rows.ts";
import { divide } from "../../../src/flow-table/flow-tables.ts";
import { growthSince } from "../../../src/flow-table/growth.ts";
import { rank } from "../../../src/flow-table/ranking.ts";
import type { SortKey } from "../../../src/options.ts";
import { type Flow, ipv4Memory, ipv6Memory } from "./flow-memory.ts";

const of = (id: number, packets: bigint, bytes: bigint, lastSeen: bigint): Flow => ({ id, packets, bytes, lastSeen });

const before = [new FlowRows(IPV4_FLOWS, ipv4Memory([of(1, 90n, 90n, 1n), of(2, 5n, 5n, 1n)]))];
const now = [
  new FlowRows(IPV4_FLOWS, ipv4Memory([of(1, 100n, 100n, 50n), of(2, 30n, 500n, 60n), of(3, 4n, 40n, 2n)])),
  new FlowRows(IPV6_FLOWS, ipv6Memory([of(4, 40n, 41n, 70n)])),
];

function ports(sort: SortKey, limit: number, idleBefore = 0n): number[] {
  return rank(divide(now, idleBefore), sort, limit, growthSince(before), connectionAt).map(
    ({ sourcePort }) => sourcePort,
  );
}

describe("connections are sorted by", () => {
  test.each([
    ["packets", [1, 4, 2, 3]],
    ["bytes", [2, 1, 4, 3]],
    ["recent", [4, 2, 1, 3]],
    ["rate", [4, 2, 1, 3]],
  ] as const)("%s, those of both IP versions together", (sort, expected) => {
    expect(ports(sort, Number.POSITIVE_INFINITY)).toEqual(expected);
    expect(ports(sort, 2)).toEqual(expected.slice(0, 2));
    expect(ports(sort, 0)).toEqual([]);
  });
});

test("connections that were silent for too long are summed and not listed", () => {
  expect(ports("packets", 10, 50n)).toEqual([1, 4, 2]);
  const { tracked, idle } = divide(now, 51n);
  expect({ tracked, idle }).toEqual({ tracked: 2, idle: { connections: 2n, packets: 104n, bytes: 140n } });
});

test("a connection that has less than before has begun anew: all of it is gain", () => {
  const [rows] = before;
  const [later] = now;
  if (rows === undefined || later === undefined) throw new Error("the tables are above");
  expect(growthSince(now)(rows, 0)).toEqual({ packets: 90, bytes: 90 });
  expect(growthSince(before)(later, 0)).toEqual({ packets: 10, bytes: 10 });
  expect(growthSince(before)(later, 2)).toEqual({ packets: 4, bytes: 40 });
});

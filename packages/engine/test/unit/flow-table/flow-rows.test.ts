import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectionAt } from "../../../src/flow-table/connection-row.ts";
import { IPV4_FLOWS, IPV6_FLOWS } from "../../../src/flow-table/flow-family.ts";
import { FlowRows, NO_ROW } from "../../../src/flow-table/flow-rows.ts";
import { type Flow, ipv4Memory, ipv6Memory } from "./flow-memory.ts";

const count = fc.bigInt({ min: 1n, max: 2n ** 40n });
const flow: fc.Arbitrary<Flow> = fc.record({
  id: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 24 - 1 })),
  packets: count,
  bytes: count,
  lastSeen: count,
});
const slots = fc.array(fc.option(flow, { nil: undefined }), { maxLength: 60 });

const families = [
  { family: IPV4_FLOWS, memory: ipv4Memory },
  { family: IPV6_FLOWS, memory: ipv6Memory },
];

/** The sums by connection, in the order in which they first occur. */
function merge(flows: readonly (Flow | undefined)[]): Flow[] {
  const byId = Map.groupBy(
    flows.filter((candidate) => candidate !== undefined),
    ({ id }) => id,
  );
  return [...byId].map(([id, same]) => ({
    id,
    packets: same.reduce((sum, { packets }) => sum + packets, 0n),
    bytes: same.reduce((sum, { bytes }) => sum + bytes, 0n),
    lastSeen: same.reduce((latest, { lastSeen }) => (lastSeen > latest ? lastSeen : latest), 0n),
  }));
}

describe.each(families)("rows of $family.map", ({ family, memory }) => {
  test("are the sums of what all sections have under the same key", () => {
    fc.assert(
      fc.property(slots, (flows) => {
        const rows = new FlowRows(family, memory(flows));
        const read = Array.from({ length: rows.count }, (_, row) => connectionAt(rows, row));
        const expected = merge(flows);
        expect(read.map(({ packets, bytes, lastSeen }) => ({ packets, bytes, lastSeen }))).toEqual(
          expected.map(({ packets, bytes, lastSeen }) => ({ packets, bytes, lastSeen })),
        );
        expect(read.map(({ sourcePort }) => sourcePort)).toEqual(expected.map(({ id }) => id & 0xffff));
      }),
    );
  });

  test("are the same in memory that was used before", () => {
    fc.assert(
      fc.property(slots, slots, (before, flows) => {
        const used = new FlowRows(family, memory(before));
        used.refill(memory(flows), flows.length);
        const fresh = new FlowRows(family, memory(flows));
        const list = (rows: FlowRows) => Array.from({ length: rows.count }, (_, row) => connectionAt(rows, row));
        expect(list(used)).toEqual(list(fresh));
        expect(list(fresh).map((_, row) => used.find(fresh, row))).toEqual(list(fresh).map((_, row) => row));
      }),
    );
  });

  test("are found again in the tables of another moment, and others are not", () => {
    fc.assert(
      fc.property(slots, slots, (before, after) => {
        const earlier = new FlowRows(family, memory(before));
        const later = new FlowRows(family, memory(after));
        const ids = merge(before).map(({ id }) => id);
        for (const [row, { id }] of merge(after).entries()) {
          const found = earlier.find(later, row);
          expect(found === NO_ROW ? undefined : ids[found]).toBe(ids.includes(id) ? id : undefined);
        }
      }),
    );
  });
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
  const ipv4 = connectionAt(new FlowRows(IPV4_FLOWS, ipv4Memory([undefined, only])), 0);
  expect(ipv4).toEqual({ ...expected, source: "192.0.2.7", destination: "198.51.100.7" });
  const ipv6 = connectionAt(new FlowRows(IPV6_FLOWS, ipv6Memory([only])), 0);
  expect(ipv6).toEqual({ ...expected, source: "2001:db8::7", destination: "::1" });
});

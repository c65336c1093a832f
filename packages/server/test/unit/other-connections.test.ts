import type { Connection, Snapshot, Traffic } from "@weir/engine";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { OtherConnections } from "../../src/metrics/other-connections.ts";

type Listed = Snapshot["connections"][number];

function connection(port: number, { packets, bytes }: Traffic): Listed {
  const protocol: Connection["protocol"] = { number: 17, name: "udp" };
  return {
    kind: "l4",
    protocol,
    source: "192.0.2.1",
    sourcePort: port,
    destination: "192.0.2.2",
    destinationPort: 53,
    packets,
    bytes,
    drops: 0n,
    lastSeen: 0n,
    packetsPerSecond: 0,
    bytesPerSecond: 0,
  };
}

/** What `top` of all connections a reading lists, those with most packets first. */
function reading(all: ReadonlyMap<number, bigint>, top: number): Pick<Snapshot, "connections" | "connectionTotals"> {
  const sorted = [...all].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const connections = sorted
    .slice(0, top)
    .map(([port, packets]) => connection(port, { packets, bytes: packets * 60n }));
  const packets = [...all.values()].reduce((sum, each) => sum + each, 0n);
  return { connections, connectionTotals: { packets, bytes: packets * 60n } };
}

test("the first reading leaves to the others what is not listed", () => {
  const others = new OtherConnections();
  expect(
    others.update(
      reading(
        new Map([
          [1, 100n],
          [2, 10n],
          [3, 1n],
        ]),
        1,
      ),
    ),
  ).toEqual({ packets: 11n, bytes: 660n });
});

test("a connection that gets a series takes nothing away, and what it gains then is its own", () => {
  const others = new OtherConnections();
  others.update(
    reading(
      new Map([
        [1, 100n],
        [2, 10n],
      ]),
      1,
    ),
  );
  // The second overtakes: its 190 came while it was among the others.
  expect(
    others.update(
      reading(
        new Map([
          [1, 100n],
          [2, 200n],
        ]),
        1,
      ),
    ).packets,
  ).toBe(200n);
  expect(
    others.update(
      reading(
        new Map([
          [1, 100n],
          [2, 300n],
        ]),
        1,
      ),
    ).packets,
  ).toBe(200n);
});

test("a connection that begins anew gains all it has", () => {
  const others = new OtherConnections();
  others.update(reading(new Map([[1, 100n]]), 1));
  // Its 100 were evicted, and stay in the totals.
  expect(
    others.update({ ...reading(new Map([[1, 5n]]), 1), connectionTotals: { packets: 105n, bytes: 6300n } }).packets,
  ).toBe(0n);
});

test("whatever the traffic: no counter falls, and series and others gain together what everything gained", () => {
  const packets = fc.array(fc.tuple(fc.nat(7), fc.nat(1000)), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 20 }), fc.integer({ min: 0, max: 4 }), (rounds, top) => {
      const all = new Map<number, bigint>();
      const others = new OtherConnections();
      let series = new Map<number, bigint>();
      let before = others.update(reading(all, top));
      let total = 0n;
      for (const round of rounds) {
        for (const [port, count] of round) all.set(port, (all.get(port) ?? 0n) + BigInt(count));
        const now = reading(all, top);
        const value = others.update(now);
        expect(value.packets).toBeGreaterThanOrEqual(before.packets);
        // As rates see it: a series that was not there before has gained nothing yet.
        let gained = value.packets - before.packets;
        for (const { sourcePort, packets: count } of now.connections)
          gained += count - (series.get(sourcePort) ?? count);
        expect(gained).toBe(now.connectionTotals.packets - total);
        series = new Map(now.connections.map(({ sourcePort, packets: count }) => [sourcePort, count]));
        before = value;
        total = now.connectionTotals.packets;
      }
    }),
  );
});

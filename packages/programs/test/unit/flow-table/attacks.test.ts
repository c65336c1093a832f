import { Random } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { CheckedTable } from "./checked-table.ts";
import { type Flow, flowOf } from "./flow.ts";
import { TableMachine, TICK } from "./table-machine.ts";

const LENGTH = 100;

/** Factors with which whoever knows them could choose addresses: they are random where it matters. */
const NO_FACTORS = { hash_key_0: 0n, hash_key_1: 0n, hash_key_2: 0n, hash_key_3: 0n, hash_key_4: 0n };
const ATTACKS = [
  { what: "all hash to the same number", spreads: false, config: NO_FACTORS },
  // The ports alone, and only that of the destination, which is one and the same, decides about the bucket.
  { what: "all hash to the same bucket", spreads: true, config: { ...NO_FACTORS, hash_key_1: 1n << 32n } },
] as const;

describe.each(ATTACKS)("connections that $what", ({ config, spreads }) => {
  test.each([
    ["never", 0n],
    ["soon", 40n * TICK],
  ])("and are %s idle are counted right, and none costs much", (_, idle) => {
    const random = new Random(7);
    // Each has another source port, and IPv4 and IPv6 alternate.
    const flows = Array.from({ length: 60 }, (_, number) => flowOf(number * 1024 + (number % 2) * 3));
    const table = new CheckedTable({ buckets: 8, connections: 24, idle, config }, spreads);
    let tick = 1;
    for (let packet = 0; packet < 3000; packet++) {
      tick += random.chance(80) ? 0 : 1;
      table.send(flows[random.below(flows.length)] ?? flowOf(0), LENGTH, tick);
    }
    table.check();
    // Ten steps, and one look through a bucket.
    expect(table.mostSteps).toBeLessThan(1000);
  });
});

describe("a flood of sources that each send once", () => {
  const SETTINGS = { buckets: 32, connections: 192, idle: 1600n * TICK };
  /** One of IPv4 in four, and none of those that are known before. */
  const stranger = (number: number): Flow => flowOf(((number * 4 + 3) % 2 ** 18) | (2 ** 17));

  test("leaves known connections exact, and lets new ones in that go on", () => {
    const table = new TableMachine(SETTINGS);
    const random = new Random(11);
    const known = Array.from({ length: 100 }, (_, number) => flowOf(number * 4 + 3));
    const late = flowOf(2 ** 16 + 3);
    const sent = new Map<string, bigint>();
    let [tick, frames] = [1, 0n];
    const send = (flow: Flow): void => {
      table.send(flow, LENGTH, tick);
      frames += 1n;
      sent.set(flow.key, (sent.get(flow.key) ?? 0n) + 1n);
    };
    const packetsOf = (flow: Flow): bigint => table.taken().find(({ key }) => key === flow.key)?.packets ?? 0n;
    for (const flow of [...known, ...known]) send(flow);
    let attempts = 0;
    for (let round = 0; round < 5000; round++) {
      tick += 1;
      for (let count = 0; count < 3; count++) send(stranger(round * 3 + count));
      // Each known one every 700 ticks at least: half of the time after which it would be idle.
      if (round % 7 === 0) send(known[(round / 7) % 100] ?? late);
      if (random.chance(10)) send(known[random.below(100)] ?? late);
      if (round > 4000 && packetsOf(late) < 2n && round % 10 === 0) {
        send(late);
        attempts += 1;
      }
    }
    const { overflow, evicted_packets, evicted_flows } = table.counters();
    expect(table.taken().reduce((sum, { packets }) => sum + packets, 0n) + evicted_packets + overflow).toBe(frames);
    for (const flow of known) expect(packetsOf(flow)).toBe(sent.get(flow.key));
    expect(packetsOf(late)).toBe(2n);
    expect(attempts).toBeLessThan(30);
    // It was a flood: most of it found no place.
    expect(overflow).toBeGreaterThan(frames / 2n);
    expect(evicted_flows).toBeGreaterThan(1000n);
  });
});

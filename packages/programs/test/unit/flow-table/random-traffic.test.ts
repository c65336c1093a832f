import { Random } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { CheckedTable } from "./checked-table.ts";
import { flowOf } from "./flow.ts";
import { TICK } from "./table-machine.ts";

const PACKETS = 1500;
const LENGTHS = [60, 61, 590, 1514] as const;

/** Random packets of random flows, a few of them busy, while the clock moves. */
function sendRandomly(table: CheckedTable, seed: number): void {
  const random = new Random(seed);
  const flows = Array.from({ length: 5 + random.below(80) }, () => flowOf(random.below(2 ** 18)));
  let tick = 1;
  for (let packet = 0; packet < PACKETS; packet++) {
    tick += random.chance(70) ? 0 : random.below(random.chance(5) ? 100 : 4);
    const busy = random.chance(60) ? Math.min(flows.length, 6) : flows.length;
    table.send(flows[random.below(busy)] ?? flowOf(0), random.pick(LENGTHS), tick);
    if (packet % 500 === 0) table.check();
  }
  table.check();
}

const IDLE_TIMES = [
  ["never", 0n],
  ["soon", 40n * TICK],
  ["late", 300n * TICK],
] as const;

describe.each([1, 2, 3, 4, 5])("a table of %d buckets", (buckets) => {
  test.each(IDLE_TIMES)(
    "whose connections are %s idle counts each packet once, where a plain map does",
    (name, idle) => {
      const ends = [];
      for (const connections of [1, 5, buckets * 6, buckets * 8, 41]) {
        const table = new CheckedTable({ buckets, connections, idle });
        sendRandomly(table, buckets * 1000 + connections * 10 + name.length);
        ends.push(table);
      }
      // Otherwise it was too little traffic to say anything.
      expect(ends.some(({ overflow }) => overflow > 0n)).toBe(true);
      expect(ends.some(({ evicted }) => evicted > 0n)).toBe(idle > 0n);
    },
  );
});

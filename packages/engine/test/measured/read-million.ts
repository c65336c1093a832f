/**
 * Prints the milliseconds in which a million connections are read, with totals and the first hundred of them, and those of the yardstick: each
 * the least of several runs. Ends sooner when the one is less than so many times the other, the only word. In a process of its own: what a
 * test runner makes of modules is slower.
 */
import { filledMonitor } from "../../bench/filled-monitor.ts";
import { Yardstick } from "../../bench/yardstick.ts";
import { listSettings, tableSettings } from "../../src/monitor/check-options.ts";
import { read } from "../../src/monitor/reading.ts";
import { SnapshotMaker } from "../../src/monitor/snapshot-maker.ts";

const CONNECTIONS = 1_000_000;
const LEAST_RUNS = 10;
const MOST_RUNS = 100;
const BUDGET = Number(process.argv[2]);
const SUBJECT = { interface: "none", mode: "drv", fallback: undefined, attached: true, program: undefined } as const;
const EVERYTHING = { sample: undefined, budget: undefined };

using monitor = filledMonitor({ version: "IPv4", connections: CONNECTIONS, cpus: [0] });
const maker = new SnapshotMaker(
  tableSettings({ connections: CONNECTIONS, idle: 3600 }),
  process.hrtime.bigint(),
  monitor.maps,
);
const list = listSettings({ limit: 100 });
const yardstick = new Yardstick();

const least = { reading: Number.POSITIVE_INFINITY, yardstick: Number.POSITIVE_INFINITY };
for (let run = 0; run < MOST_RUNS && !(run > LEAST_RUNS && least.reading < BUDGET * least.yardstick); run++) {
  least.yardstick = Math.min(least.yardstick, yardstick.measure());
  const start = performance.now();
  const { connections, tracked, counters, identity } = maker.make(read(monitor.maps), SUBJECT, list, EVERYTHING);
  least.reading = Math.min(least.reading, performance.now() - start);
  // One that found no place has a packet in the overflow, or as many as it had.
  const without = BigInt(CONNECTIONS - tracked);
  const isAll = without >= 0n && without <= counters.overflow && connections.length === 100;
  if (!isAll || !identity.holds || !identity.exact) throw new Error(`read ${tracked} connections`);
}
process.stdout.write(JSON.stringify(least));

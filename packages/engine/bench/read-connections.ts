/**
 * How long 100,000 connections take from the flow table in the kernel to a sorted snapshot of JavaScript objects. Limit: 150 ms.
 *
 * `npm run bench:connections`, as root. The first reading is the one of `weir stats`: nothing is compiled yet, and the
 * memory is touched for the first time.
 */
import { cpus, release } from "node:os";
import { ethernet } from "@weir/testing";
import { listSettings, tableSettings } from "../src/monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../src/monitor/load-monitor.ts";
import { read } from "../src/monitor/reading.ts";
import { SnapshotMaker } from "../src/monitor/snapshot-maker.ts";

const CONNECTIONS = 100_000;
const RUNS = 21;
const LIMIT = 150;
/** With room to spare: in a full table one of 10,000 finds no place. */
const TABLE = tableSettings({ connections: CONNECTIONS * 1.25, idle: 0 });
const LIST = listSettings({});
const SUBJECT = { interface: "none", mode: "drv", fallback: undefined, attached: true, program: undefined } as const;

/** Runs the monitor on a frame of each connection: addresses differ in the four bytes at `address`. */
function fill({ program }: LoadedMonitor, frame: Uint8Array, address: number): void {
  const view = new DataView(frame.buffer, frame.byteOffset);
  for (let connection = 0; connection < CONNECTIONS; connection++) {
    view.setUint32(address, Math.imul(connection + 1, 0x9e37_79b1));
    // Some have many packets, so that there is something to sort. One by one: a run that repeats makes the kernel patch its code first.
    for (let packet = 0; packet <= connection % 7; packet++) program.testRun({ data: frame });
  }
}

function measure(monitor: LoadedMonitor, maker: SnapshotMaker): number {
  const start = performance.now();
  const everything = { sample: undefined, budget: undefined };
  const { connections } = maker.make(read(monitor.maps), SUBJECT, LIST, everything);
  const milliseconds = performance.now() - start;
  if (connections.length !== CONNECTIONS) throw new Error(`read ${connections.length} connections`);
  return milliseconds;
}

const frames = {
  IPv4: { frame: ethernet().ipv4().tcp().toBytes(), address: 26 },
  IPv6: { frame: ethernet().ipv6().tcp().toBytes(), address: 34 },
};

process.stdout.write(
  `${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}; milliseconds for ${CONNECTIONS}\n`,
);
for (const [name, { frame, address }] of Object.entries(frames)) {
  using monitor = loadMonitor({ table: TABLE, sample: undefined, frags: false });
  fill(monitor, frame, address);
  const maker = new SnapshotMaker(TABLE, process.hrtime.bigint(), monitor.maps);
  const runs = Array.from({ length: RUNS }, () => measure(monitor, maker));
  const median = runs.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
  const raw = runs.map((run) => run.toFixed(0)).join(" ");
  process.stdout.write(`${name}: median ${median.toFixed(0)}, run by run ${raw}\n`);
  if (median > LIMIT) process.exitCode = 1;
}

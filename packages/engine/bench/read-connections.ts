/**
 * How long it takes to read a million connections out of the flow table, in the kernel's memory: going through all of it, and to a snapshot
 * with the totals and the 100 connections with most packets. Limits: 15 and 60 ms, and 300 MB of memory besides the table. And what attaching
 * and watching large tables takes.
 *
 * `npm run bench:connections`, as root. Or one of the tables by itself, in the words of `CASES`.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import { ArrayMap } from "@weir/kernel";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../src/flow-table/flow-family.ts";
import { listSettings, tableSettings } from "../src/monitor/check-options.ts";
import type { LoadedMonitor } from "../src/monitor/load-monitor.ts";
import { read } from "../src/monitor/reading.ts";
import { SnapshotMaker } from "../src/monitor/snapshot-maker.ts";
import type { Snapshot } from "../src/snapshot.ts";
import { type Filling, filledMonitor } from "./filled-monitor.ts";
import { median, times, timesLine } from "./times.ts";
import { Yardstick } from "./yardstick.ts";

const RUNS = 21;
const MILLION = 1_000_000;
const SCAN_LIMIT = 15;
const TOP_LIMIT = 60;
const ALL_LIMIT = 150;
const MEMORY_LIMIT = 300;
const SUBJECT = { interface: "none", mode: "drv", fallback: undefined, attached: true, program: undefined } as const;
const EVERYTHING = { sample: undefined, budget: undefined };

/** A table, and how many of its connections are listed. */
interface Case extends Filling {
  readonly limit: number;
}

/**
 * Packets of a connection come in on one CPU where a network card divides them by their addresses. On several they come in where whoever sends
 * them is moved about, behind a veth for instance: twice as many slots are read then, for which there is no limit.
 */
const CASES: Readonly<Record<string, Case>> = {
  "IPv4, one CPU": { version: "IPv4", connections: MILLION, cpus: [0], limit: 100 },
  "IPv4, two CPUs": { version: "IPv4", connections: MILLION, cpus: [0, 1], limit: 100 },
  "IPv6, one CPU": { version: "IPv6", connections: MILLION, cpus: [0], limit: 100 },
  "IPv6, two CPUs": { version: "IPv6", connections: MILLION, cpus: [0, 1], limit: 100 },
  "IPv4, each on two CPUs": { version: "IPv4", connections: MILLION, cpus: [0, 1], isOnAll: true, limit: 100 },
  "IPv4, all listed": { version: "IPv4", connections: 100_000, cpus: [0], limit: Number.POSITIVE_INFINITY },
  "IPv6, all listed": { version: "IPv6", connections: 100_000, cpus: [0], limit: Number.POSITIVE_INFINITY },
};

const OTHERS = ["./attach-tables.ts", "../../cli/bench/watch.ts"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** Goes through the whole table and adds up what is in it, without a branch: in free slots that is nothing. */
function scan(words: Uint32Array, { size, keyStart, protocol, ...at }: FlowFamily) {
  let connections = 0;
  const [packets, bytes] = [
    { low: 0, high: 0 },
    { low: 0, high: 0 },
  ];
  for (let slot = 0; slot < words.length; slot += size / 4) {
    const word = (words[slot + keyStart + protocol] ?? 0) | 0;
    connections += (word | -word) >>> 31;
    packets.low += words[slot + at.packets] ?? 0;
    packets.high += words[slot + at.packets + 1] ?? 0;
    bytes.low += words[slot + at.bytes] ?? 0;
    bytes.high += words[slot + at.bytes + 1] ?? 0;
  }
  const whole = ({ low, high }: typeof packets) => BigInt(high) * 2n ** 32n + BigInt(low);
  return { connections, packets: whole(packets), bytes: whole(bytes) };
}

/** Megabytes of this process that are in memory, without the maps. */
function residentBesideMaps(): number {
  const mappings = readFileSync("/proc/self/smaps", "utf8").split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  const kilobytes = (mapping: string) => Number(/^Rss: +(\d+)/m.exec(mapping)?.[1]);
  const own = mappings.filter((mapping) => !mapping.split("\n", 1)[0]?.endsWith("bpf-map"));
  return own.reduce((sum, mapping) => sum + kilobytes(mapping), 0) / 1000;
}

function judged(value: number, limit: number): string {
  if (value > limit) process.exitCode = 1;
  return `(${value > limit ? "above " : "limit "}${limit})`;
}

/** @param totals of all connections, as a snapshot has them */
function measureScan({ object }: LoadedMonitor, family: FlowFamily, { tracked, connectionTotals }: Snapshot): void {
  using map = ArrayMap.of(object.map(family.map), { value: family.layout });
  using memory = map.memory();
  const words = new Uint32Array(memory.buffer);
  const scans = times(RUNS, () => {
    const { connections, ...totals } = scan(words, family);
    if (connections !== tracked || totals.bytes !== connectionTotals.bytes) throw new Error(`there are ${connections}`);
  });
  process.stdout.write(timesLine("raw scan", scans, judged(median(scans), SCAN_LIMIT)));
}

function measure(name: string, { limit, ...filling }: Case): void {
  const { connections, version } = filling;
  using monitor = filledMonitor(filling);
  const maker = new SnapshotMaker(tableSettings({ connections, idle: 3600 }), process.hrtime.bigint(), monitor.maps);
  const list = listSettings({ limit });
  const snapshot = () => maker.make(read(monitor.maps), SUBJECT, list, EVERYTHING);
  const snapshots = times(RUNS, () => {
    const { identity, connections: listed, tracked } = snapshot();
    if (!identity.holds || listed.length !== Math.min(limit, tracked)) throw new Error(`${listed.length} are listed`);
  });
  const memory = residentBesideMaps();
  const last = snapshot();
  process.stdout.write(`${name}: ${last.tracked} connections\n`);
  if (limit === Number.POSITIVE_INFINITY) {
    process.stdout.write(timesLine("all, as objects", snapshots, judged(median(snapshots), ALL_LIMIT)));
  } else if (filling.isOnAll) {
    process.stdout.write(timesLine(`totals, and the first ${limit}`, snapshots));
  } else {
    process.stdout.write(timesLine(`totals, and the first ${limit}`, snapshots, judged(median(snapshots), TOP_LIMIT)));
    measureScan(monitor, version === "IPv4" ? IPV4_FLOWS : IPV6_FLOWS, last);
    const resident = memory.toFixed(0).padStart(7);
    process.stdout.write(`  ${"memory besides the table".padEnd(34)}${resident} MB ${judged(memory, MEMORY_LIMIT)}\n`);
  }
  const yardstick = new Yardstick();
  const copies = Array.from({ length: RUNS }, () => yardstick.measure());
  process.stdout.write(timesLine("yardstick: 48 MB copied by words", copies));
}

const [, script = "", asked] = process.argv;
const chosen = asked === undefined ? undefined : CASES[asked];
if (asked !== undefined && chosen !== undefined) {
  measure(asked, chosen);
} else {
  process.stdout.write(
    `${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}; medians of ${RUNS}, and run by run\n`,
  );
  // Each in a process of its own: the first readings are those of one that has just started.
  for (const words of [...Object.keys(CASES).map((name) => [script, name]), ...OTHERS.map((other) => [other])]) {
    const { status } = spawnSync(process.execPath, ["--conditions=source", ...words], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

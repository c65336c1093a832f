/**
 * How long 100,000 connections take from the flow table to sorted JavaScript objects. Limit: 150 ms.
 *
 * Two CPUs, and each connection on one of them, as network cards spread them; and on both, so that all rows are merged.
 *
 * `npm run bench:connections`
 */
import { cpus } from "node:os";
import { connectionAt } from "../src/flow-table/connection-row.ts";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../src/flow-table/flow-family.ts";
import { FlowRows } from "../src/flow-table/flow-rows.ts";
import { divide } from "../src/flow-table/flow-tables.ts";
import { growthSince } from "../src/flow-table/growth.ts";
import { rank } from "../src/flow-table/ranking.ts";

const CONNECTIONS = 100_000;
const SECTIONS = 2;
const RUNS = 11;
const LIMIT = 150;

/** A table of random connections, sections sized as for so many on each CPU. */
function fill(family: FlowFamily, isIn: (connection: number, section: number) => boolean): ArrayBuffer {
  const slots = Math.ceil((CONNECTIONS * 4) / 3);
  const memory = new ArrayBuffer(SECTIONS * slots * family.size);
  const words = new Uint32Array(memory);
  for (let section = 0; section < SECTIONS; section++) {
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      if (!isIn(connection, section)) continue;
      const start = ((section * slots + connection) * family.size) / 4;
      for (let word = 0; word < family.keyWords; word++) {
        words[start + family.keyStart + word] = Math.imul(connection * 11 + word + 1, 0x9e37_79b1);
      }
      words[start + family.keyStart + family.protocol] = 0x0106;
      words[start + family.packets] = connection;
      words[start + family.lastSeen] = 1;
    }
  }
  return memory;
}

function measure(family: FlowFamily, memory: ArrayBuffer): number {
  const start = performance.now();
  const rows = new FlowRows(family, memory.slice(0));
  const tables = divide([rows], 0n);
  const connections = rank(tables, "packets", Infinity, growthSince([]), connectionAt);
  const milliseconds = performance.now() - start;
  if (connections.length !== CONNECTIONS) throw new Error(`read ${connections.length} connections`);
  return milliseconds;
}

const spreads = {
  "each on one CPU": (connection: number, section: number) => connection % SECTIONS === section,
  "each on both CPUs": () => true,
};

process.stdout.write(`${cpus()[0]?.model}, Node ${process.versions.node}; milliseconds, in the order they were run\n`);
for (const [spread, isIn] of Object.entries(spreads)) {
  for (const family of [IPV4_FLOWS, IPV6_FLOWS]) {
    const memory = fill(family, isIn);
    const runs = Array.from({ length: RUNS }, () => measure(family, memory));
    const median = runs.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
    const raw = runs.map((run) => run.toFixed(0)).join(" ");
    process.stdout.write(`${family.map}, ${spread}: median ${median.toFixed(0)} ms: ${raw}\n`);
    if (median > LIMIT) process.exitCode = 1;
  }
}

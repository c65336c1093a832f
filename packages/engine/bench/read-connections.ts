/**
 * How long 100,000 connections take from the flow table to sorted JavaScript objects. Limit: 150 ms.
 *
 *     node --conditions=source packages/engine/bench/read-connections.ts
 */
import { connectionAt } from "../src/flow-table/connection-row.ts";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../src/flow-table/flow-family.ts";
import { FlowRows } from "../src/flow-table/flow-rows.ts";
import { divide } from "../src/flow-table/flow-tables.ts";
import { growthSince } from "../src/flow-table/growth.ts";
import { rank } from "../src/flow-table/ranking.ts";

const CONNECTIONS = 100_000;
const SECTIONS = 2;
const LIMIT = 150;

/** A table of random connections, three quarters full, each in every section. */
function fill(family: FlowFamily): ArrayBuffer {
  const slots = Math.ceil((CONNECTIONS * 4) / 3);
  const memory = new ArrayBuffer(SECTIONS * slots * family.size);
  const words = new Uint32Array(memory);
  for (let section = 0; section < SECTIONS; section++) {
    for (let connection = 0; connection < CONNECTIONS; connection++) {
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

for (const family of [IPV4_FLOWS, IPV6_FLOWS]) {
  const memory = fill(family);
  const runs = Array.from({ length: 7 }, () => measure(family, memory));
  const first = runs[0] ?? 0;
  const median = runs.toSorted((a, b) => a - b)[3] ?? 0;
  process.stdout.write(`${family.map}: first ${first.toFixed(0)} ms, median ${median.toFixed(0)} ms\n`);
  if (median > LIMIT) process.exitCode = 1;
}

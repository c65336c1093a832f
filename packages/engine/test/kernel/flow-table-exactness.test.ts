import { spawn } from "node:child_process";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { connectionAt } from "../../src/flow-table/connection-row.ts";
import { type LoadedMonitor, loadMonitor } from "../../src/monitor/load-monitor.ts";
import { type Reading, read } from "../../src/monitor/reading.ts";
import { lengthOf, numberOf } from "./numbered-flows.ts";

const SENDER = fileURLToPath(new URL("flow-sender.ts", import.meta.url));
const MILLISECOND = 1_000_000n;

interface Load {
  readonly flows: number;
  readonly repeat: number;
  readonly rounds: number;
}

interface Result {
  readonly readings: number;
  /** The part of the rows, of all readings, in which packets and bytes were further apart than one packet of each CPU. */
  readonly apart: number;
  readonly last: Reading;
}

/** Lets two CPUs send the same flows, and reads the table all the time. */
async function sendAndRead(monitor: LoadedMonitor, load: Load): Promise<Result> {
  const words = [load.flows, load.repeat, load.rounds].map(String);
  const senders = [0, 1].map(async (cpu) => {
    const node = [process.execPath, "--conditions=source", SENDER, String(monitor.program.id), ...words];
    const child = spawn("taskset", ["--cpu-list", String(cpu), ...node], { stdio: "inherit" });
    expect(await once(child, "exit")).toEqual([0, null]);
  });
  const state = { isSending: true };
  const sent = Promise.all(senders).finally(() => {
    state.isSending = false;
  });
  let readings = 0;
  let [rows, apart] = [0, 0];
  while (state.isSending) {
    const reading = read(monitor.maps);
    apart += check(reading, load, monitor, 2);
    rows += reading.families.reduce((sum, { count }) => sum + count, 0);
    readings += 1;
    await setImmediate();
  }
  await sent;
  const last = read(monitor.maps);
  expect(check(last, load, monitor, 0)).toBe(0);
  return { readings, apart: apart / rows, last };
}

/**
 * Whether a reading has what may be there while, or after, flows are sent.
 *
 * @param underWay packets that may be half counted
 * @returns the number of rows in which packets and bytes are further apart, because packets came, or a CPU was taken away, between reading the two
 */
function check(reading: Reading, { flows, repeat, rounds }: Load, monitor: LoadedMonitor, underWay: number): number {
  expect(reading.identity).toMatchObject({ holds: true });
  const came = Number(reading.identity.seenAfter - reading.identity.seenBefore);
  let apart = 0;
  for (const rows of reading.families) {
    for (let row = 0; row < rows.count; row++) {
      if (rows.isFolded(row)) continue;
      const connection = connectionAt(rows, row);
      const number = numberOf(connection) ?? flows;
      const packets = Number(connection.packets);
      const lacking = Math.abs(packets - Number(connection.bytes) / lengthOf(number));
      apart += Number(lacking > underWay);
      if (number < flows && packets <= 2 * repeat * rounds && lacking <= underWay + came) continue;
      const words = Object.entries(connection).map(([name, value]) => `${name} ${value}`);
      expect.fail(`no packets can have come to connection ${number}: ${words.join(", ")}`);
    }
  }
  monitor.maps.recycle(reading.families);
  return apart;
}

describe.skipIf(requireRoot() ?? requireTool("taskset"))("20 million packets on two CPUs, read all the time,", () => {
  test("are counted each in its flow where all have a place", { timeout: 120_000 }, async () => {
    using monitor = loadMonitor({ table: { connections: 1000, idle: 0n }, frags: false });
    const load: Load = { flows: 100, repeat: 10_000, rounds: 10 };
    const { readings, apart, last } = await sendAndRead(monitor, load);
    expect(readings).toBeGreaterThan(100);
    expect(apart).toBeLessThan(0.01);
    expect(last.stats).toMatchObject({ frames: 20_000_000n, overflow: 0n, evicted_flows: 0n });
    const counted = last.families.flatMap((rows) =>
      [...Array(rows.count).keys()].filter((row) => !rows.isFolded(row)).map((row) => connectionAt(rows, row)),
    );
    expect(counted.map((row) => numberOf(row)).toSorted((a = 0, b = 0) => a - b)).toEqual([...Array(100).keys()]);
    expect(new Set(counted.map(({ packets }) => packets))).toEqual(new Set([200_000n]));
  });

  test("are all in rows, taken over or in no place where few have one", { timeout: 120_000 }, async () => {
    using monitor = loadMonitor({ table: { connections: 12, idle: 2n * MILLISECOND }, frags: false });
    const load: Load = { flows: 100, repeat: 2000, rounds: 50 };
    const { readings, apart, last } = await sendAndRead(monitor, load);
    const { frames, overflow } = last.stats;
    expect(readings).toBeGreaterThan(100);
    expect(apart).toBeLessThan(0.01);
    expect(frames).toBe(20_000_000n);
    expect(last.identity).toMatchObject({ accounted: frames - overflow, unattributed: 0n, exact: true });
    expect(last.stats.evicted_flows).toBeGreaterThan(500n);
  });
});

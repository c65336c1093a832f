/** What several CPUs count of the same connections, each in its section of the flow table. */
import { presentCpus } from "@weir/kernel";
import { onCpu, requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { nativeCalls, replaceNativeCalls } from "../../../kernel/src/native/current-calls.ts";
import { connectionAt } from "../../src/flow-table/connection-row.ts";
import { growthSince } from "../../src/flow-table/growth.ts";
import { list } from "../../src/flow-table/listing.ts";
import { tableSettings } from "../../src/monitor/check-options.ts";
import { type LoadedMonitor, loadMonitor } from "../../src/monitor/load-monitor.ts";
import { read } from "../../src/monitor/reading.ts";

function run({ program }: LoadedMonitor, cpu: number, ports: readonly number[]): void {
  using _there = onCpu(cpu);
  for (const source of ports) {
    program.testRun({ data: ethernet().ipv4().udp({ sourcePort: source }).toBytes() });
    program.testRun({ data: ethernet().ipv6().udp({ sourcePort: source }).toBytes() });
  }
}

/** Packets of both IP versions' connections, by port. */
function packets(monitor: LoadedMonitor): Record<number, bigint[]> {
  const reading = read(monitor.maps);
  expect(reading.identity).toMatchObject({ holds: true, exact: true });
  const selection = { sort: "packets", limit: Number.POSITIVE_INFINITY, idleBefore: 0n } as const;
  const { connections, tracked } = list(reading.families, selection, growthSince([]), connectionAt);
  monitor.maps.recycle(reading.families);
  expect(tracked).toBe(connections.length);
  const byPort = Map.groupBy(connections, ({ sourcePort }) => sourcePort);
  return Object.fromEntries([...byPort].map(([port, same]) => [port, same.map((connection) => connection.packets)]));
}

/** How many system calls a reading makes. */
function callsToRead(monitor: LoadedMonitor): number {
  const calls = nativeCalls();
  let count = 0;
  using _counted = replaceNativeCalls({
    ...calls,
    bpf: (...words) => {
      count++;
      return calls.bpf(...words);
    },
  });
  packets(monitor);
  return count;
}

describe.skipIf(requireRoot() ?? requireTool("taskset"))("sections of the flow table", () => {
  test.skipIf(presentCpus() === 1)(
    "are read as soon as their CPU counts, and make one connection of what several have",
    () => {
      using monitor = loadMonitor({ table: tableSettings({ connections: 16, idle: 0 }), frags: false });
      expect(packets(monitor)).toEqual({});
      // Nothing on the first one, which is not read then.
      run(monitor, 1, [1001, 1002]);
      expect(packets(monitor)).toEqual({ 1001: [1n, 1n], 1002: [1n, 1n] });
      run(monitor, 0, [1002, 1003, 1003]);
      expect(packets(monitor)).toEqual({ 1001: [1n, 1n], 1002: [2n, 2n], 1003: [2n, 2n] });
      run(monitor, 1, [1001, 1004]);
      expect(packets(monitor)).toEqual({ 1001: [2n, 2n], 1002: [2n, 2n], 1003: [2n, 2n], 1004: [1n, 1n] });
    },
  );

  test("are read with as many system calls, however many connections there are", () => {
    using monitor = loadMonitor({ table: tableSettings({ connections: 2000, idle: 0 }), frags: false });
    run(monitor, 0, [1]);
    const calls = callsToRead(monitor);
    expect(calls).toBeGreaterThan(0);
    const ports = Array.from({ length: 1000 }, (_, index) => index + 1);
    run(monitor, 0, ports);
    expect(callsToRead(monitor)).toBe(calls);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { withConfig } from "@weir/bytecode";
import { presentCpus } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { FLOW_WAYS, monitorObject } from "../../src/index.ts";
import { LoadedMonitor, packetsOf } from "../loaded-monitor.ts";

const SLOTS = 136;
const RUN_MANY = fileURLToPath(new URL("../run-many.ts", import.meta.url));

function monitorWith(connections: number, idle: bigint): LoadedMonitor {
  const sections = presentCpus();
  const settings = { flow_buckets: SLOTS / FLOW_WAYS, connections, sections, idle_ns: idle };
  return new LoadedMonitor(withConfig(monitorObject(), settings), SLOTS * sections);
}

function flow(number: number): Uint8Array {
  return ethernet()
    .ipv4({ source: `192.0.2.${number >> 8}` })
    .udp({ sourcePort: 1024 + (number & 255) })
    .toBytes();
}

describe.skipIf(requireRoot())("the flow table", () => {
  test.skipIf(requireTool("taskset"))("loses none of two million packets of one flow on two CPUs", async () => {
    using monitor = monitorWith(100, 0n);
    const data = flow(0);
    const frame = Buffer.from(data).toString("hex");
    const runs = [0, 1].map(async (cpu) => {
      const words = ["--conditions=source", RUN_MANY, String(monitor.program.id), frame, "50000", "20"];
      const child = spawn("taskset", ["--cpu-list", String(cpu), process.execPath, ...words], { stdio: "inherit" });
      expect(await once(child, "exit")).toEqual([0, null]);
    });
    await Promise.all(runs);
    expect([...monitor.rows().values()]).toMatchObject([
      { packets: 2_000_000n, bytes: 2_000_000n * BigInt(data.length) },
    ]);
    expect(monitor.counters()).toMatchObject({ frames: 2_000_000n, udp: 2_000_000n, overflow: 0n });
    expect(monitor.framesByCpu().slice(0, 2)).toEqual([1_000_000n, 1_000_000n]);
  });

  test("of 100 entries says how much of 1,000 flows it lacks", () => {
    using monitor = monitorWith(100, 0n);
    for (let number = 0; number < 1000; number++) {
      const data = flow(number);
      for (let packet = 0; packet < 3; packet++) monitor.program.testRun({ data });
      const { frames, unattributed, overflow } = monitor.counters();
      if (number % 50 === 0) expect(packetsOf(monitor.rows()) + (unattributed ?? 0n) + (overflow ?? 0n)).toBe(frames);
    }
    const { frames, unattributed, overflow } = monitor.counters();
    const rows = monitor.rows();
    expect(frames).toBe(3000n);
    expect(unattributed).toBe(0n);
    expect(overflow).toBeGreaterThan(0n);
    expect(packetsOf(rows) + (overflow ?? 0n)).toBe(3000n);
    expect(rows.size).toBeGreaterThanOrEqual(95);
    expect(rows.size).toBeLessThanOrEqual(100 * presentCpus());
  });

  test("gives the slots of idle connections away and keeps their numbers", async () => {
    using monitor = monitorWith(100, 20_000_000n);
    // Twice at least; more often when this process has come to a CPU whose section has nothing idle yet.
    let sent = 0;
    for (let round = 0; round < 20 && (monitor.counters().evicted_flows === 0n || round < 2); round++) {
      for (const end = sent + 300; sent < end; sent++) monitor.program.testRun({ data: flow(sent) });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { frames, overflow, evicted_flows, evicted_packets } = monitor.counters();
    expect(frames).toBe(BigInt(sent));
    expect(evicted_flows).toBeGreaterThan(0n);
    expect(packetsOf(monitor.rows()) + (evicted_packets ?? 0n) + (overflow ?? 0n)).toBe(BigInt(sent));
  });

  test("counts packets on a CPU without a section as overflow", () => {
    using monitor = new LoadedMonitor(
      withConfig(monitorObject(), { flow_buckets: SLOTS / FLOW_WAYS, sections: 0 }),
      SLOTS,
    );
    monitor.program.testRun({ data: flow(0) });
    expect(monitor.counters()).toMatchObject({ frames: 1n, udp: 1n, overflow: 1n });
    expect(monitor.rows().size).toBe(0);
  });

  test("costs the verifier little", () => {
    using monitor = monitorWith(100, 0n);
    expect(monitor.program.info().verifiedInstructions).toBeLessThan(40_000);
  });
});

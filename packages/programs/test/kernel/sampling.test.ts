import { withConfig } from "@weir/bytecode";
import { requireRoot, requireTool, stayOnOneCpu } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { FLOW_WAYS, sampledMonitorObject } from "../../src/index.ts";
import { LoadedMonitor, packetsOf, sampledOf, type TestSampling } from "../loaded-monitor.ts";
import { ZipfTraffic } from "../scheduled-traffic.ts";

const SLOTS = 8192;
const SETTINGS = { flow_buckets: SLOTS / FLOW_WAYS, connections: 6000, sections: 1, idle_ns: 0n };
function sampler(sampling: TestSampling, settings: Readonly<Record<string, number | bigint>> = {}): LoadedMonitor {
  return new LoadedMonitor(withConfig(sampledMonitorObject(), { ...SETTINGS, ...settings }), SLOTS, sampling);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** How far an estimate is off, in standard errors. */
function deviation(estimate: bigint, truth: number, variance: bigint): number {
  return (Number(estimate) - truth) / Math.sqrt(Number(variance));
}

function accounted(monitor: LoadedMonitor): bigint {
  const { unattributed = 0n, overflow = 0n, sampled_out = 0n, evicted_sampled = 0n } = monitor.counters();
  return sampledOf(monitor.rows()) + evicted_sampled + unattributed + overflow + sampled_out;
}

describe.skipIf(requireRoot() ?? requireTool("taskset"))("sampling", () => {
  // One CPU has the section and the random numbers: with the same seed everything happens again.
  beforeAll(stayOnOneCpu);

  describe("of packets", () => {
    test("at 1/100 estimates five million packets, each large flow within 4 standard errors, without bias", {
      timeout: 180_000,
    }, () => {
      const traffic = new ZipfTraffic(3000, [
        { length: 60, count: 2_500_000 },
        { length: 590, count: 500_000 },
        { length: 1514, count: 2_000_000 },
      ]);
      const truth = traffic.truth();
      const packets = 5_000_000;
      const bytes = 2_500_000 * 60 + 500_000 * 590 + 2_000_000 * 1514;
      const squares = 2_500_000 * 60 ** 2 + 500_000 * 590 ** 2 + 2_000_000 * 1514 ** 2;
      const [packetTotals, byteTotals, deviations]: [number[], number[], number[]] = [[], [], []];
      for (let seed = 1n; seed <= 20n; seed++) {
        using monitor = traffic.monitor(SETTINGS, SLOTS, { weight: 100n, seed: key(Number(seed)) });
        traffic.send(monitor);
        expect(monitor.counters()).toMatchObject({ frames: BigInt(packets), bytes: BigInt(bytes), overflow: 0n });
        expect(accounted(monitor)).toBe(BigInt(packets));
        const rows = monitor.rows();
        const off = [...truth].slice(0, 50).flatMap(([name, flow]) => {
          const row = rows.get(name);
          if (row === undefined) return Number.NaN;
          expect(row.packets).toBe(row.sampled * 100n);
          expect(row.packetVariance).toBe(row.sampled * 9900n);
          return [
            deviation(row.packets, flow.packets, row.packetVariance),
            deviation(row.bytes, flow.bytes, row.byteVariance),
          ];
        });
        if (seed === 1n) expect(Math.max(...off.map(Math.abs))).toBeLessThan(4);
        deviations.push(...off);
        packetTotals.push(Number([...rows.values()].reduce((total, row) => total + row.packets, 0n)));
        byteTotals.push(Number([...rows.values()].reduce((total, row) => total + row.bytes, 0n)));
      }
      // What Bernoulli sampling has: the number's variance is n(1-p)/p², and that of the mean of 20 a 20th.
      for (const [totals, truth, variance] of [
        [packetTotals, packets, packets * 99],
        [byteTotals, bytes, squares * 99],
      ] as const) {
        const mean = sum(totals) / totals.length;
        expect(Math.abs(mean - truth)).toBeLessThan(3 * Math.sqrt(variance / totals.length));
        // As far apart as they should be, neither closer nor further: chi-squared with 20 degrees, at one in a thousand.
        const spread = sum(totals.map((total) => (total - truth) ** 2)) / variance;
        expect(spread).toBeGreaterThan(5.4);
        expect(spread).toBeLessThan(45.3);
      }
      // The standard errors say the truth: 2,000 deviations have 1 as the mean of their squares, and hardly one is beyond 4.
      const meanSquare = sum(deviations.map((each) => each ** 2)) / deviations.length;
      expect(meanSquare).toBeGreaterThan(0.85);
      expect(meanSquare).toBeLessThan(1.15);
      expect(deviations.filter((each) => !(Math.abs(each) < 4)).length).toBeLessThan(4);
    });

    test("stays right when the rate changes", () => {
      const data = ethernet().ipv4().udp({ sourcePort: 7 }).paddedTo(100);
      const [estimates, squares]: [number[], number[]] = [[], []];
      for (let seed = 1n; seed <= 20n; seed++) {
        using monitor = sampler({ weight: 1n, seed });
        for (const [index, weight] of [1n, 10n, 1000n, 3n, 200n].entries()) {
          monitor.setSampling({ weight, seed: seed * 0x9abc_def1n + BigInt(index) });
          monitor.program.testRun({ data, repeat: 100_000 });
        }
        const [row] = monitor.rows().values();
        if (row === undefined) throw new Error("nothing was sampled");
        estimates.push(Number(row.packets));
        squares.push(deviation(row.packets, 500_000, row.packetVariance) ** 2);
        // All frames are as long, so that the variances differ by the length squared.
        expect(row.bytes).toBe(row.packets * 100n);
        expect(row.byteVariance).toBe(row.packetVariance * 10_000n);
        expect(accounted(monitor)).toBe(500_000n);
      }
      const variance = 100_000 * (0 + 9 + 999 + 2 + 199);
      expect(Math.abs(sum(estimates) / 20 - 500_000)).toBeLessThan(3 * Math.sqrt(variance / 20));
      expect(sum(squares)).toBeGreaterThan(5.4);
      expect(sum(squares)).toBeLessThan(45.3);
    });

    test("at 1/1 is exact", () => {
      using monitor = sampler({ weight: 1n, seed: 5n });
      monitor.program.testRun({ data: ethernet().ipv6().tcp().paddedTo(80), repeat: 1000 });
      expect([...monitor.rows().values()]).toEqual([
        { packets: 1000n, bytes: 80_000n, sampled: 1000n, packetVariance: 0n, byteVariance: 0n },
      ]);
      expect(monitor.counters()).toMatchObject({ frames: 1000n, sampled_out: 0n });
    });

    test("carries errors beyond 64 bits, as they are in a few packets of the rarest and longest", () => {
      using monitor = sampler({ weight: 65_536n, seed: 5n }, { multi_buffer: 1 });
      const data = ethernet().ipv4().udp().paddedTo(60_000);
      monitor.program.testRun({ data, repeat: 1_000_000 });
      const [row] = monitor.rows().values();
      expect(row?.sampled).toBeGreaterThan(5n);
      expect(row?.byteVariance).toBeGreaterThan(2n ** 64n);
      expect(row?.byteVariance).toBe((row?.sampled ?? 0n) * 65_536n * 65_535n * 60_000n ** 2n);
    });

    test("keeps what evicted connections had, and that it is an estimate", async () => {
      using monitor = sampler({ weight: 3n, seed: 5n }, { connections: 100, flow_buckets: 17, idle_ns: 20_000_000n });
      for (let round = 0; round < 3; round++) {
        for (let port = 0; port < 300; port++) {
          const data = ethernet()
            .ipv4()
            .udp({ sourcePort: 1000 * round + port })
            .paddedTo(60);
          for (let packet = 0; packet < 10; packet++) monitor.program.testRun({ data });
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const counters = monitor.counters();
      expect(counters.evicted_flows).toBeGreaterThan(100n);
      expect(counters.evicted_packets).toBe((counters.evicted_sampled ?? 0n) * 3n);
      expect(counters.evicted_packet_variance).toBe((counters.evicted_sampled ?? 0n) * 6n);
      expect(counters.evicted_byte_variance_low).toBe((counters.evicted_sampled ?? 0n) * 6n * 3600n);
      expect(accounted(monitor)).toBe(9000n);
    });
  });

  describe("of flows", () => {
    test("counts those that it chooses whole, and chooses without bias, also among neighbours", () => {
      const flows = 2000;
      const frames = Array.from({ length: flows }, (_, flow) =>
        ethernet()
          .ipv4({ source: `10.0.0.${flow & 1}` })
          .tcp({ sourcePort: 2000 + (flow >> 1) })
          .paddedTo(64),
      );
      const chosen = Array.from({ length: 20 }, (_, round) => {
        const keys = { hash_key_0: key(2 * round), hash_key_1: key(2 * round + 1) };
        using monitor = sampler({ weight: 1n, seed: 1n }, { ...keys, sample_flows: 2n ** 64n / 10n });
        for (const data of [...frames, ...frames, ...frames]) monitor.program.testRun({ data });
        const rows = monitor.rows();
        for (const row of rows.values()) expect(row).toMatchObject({ packets: 3n, bytes: 192n, packetVariance: 0n });
        const { frames: seen, sampled_out = 0n } = monitor.counters();
        expect(seen).toBe(BigInt(flows * 3));
        expect(packetsOf(rows) + sampled_out).toBe(seen);
        return rows.size;
      });
      const variance = flows * 0.1 * 0.9;
      expect(Math.abs(sum(chosen) / 20 - flows / 10)).toBeLessThan(3 * Math.sqrt(variance / 20));
      const spread = sum(chosen.map((count) => (count - flows / 10) ** 2)) / variance;
      expect(spread).toBeGreaterThan(5.4);
      expect(spread).toBeLessThan(45.3);
    });
  });
});

/** An odd number of 64 bits that looks random, and is the same in each run. */
function key(index: number): bigint {
  return BigInt.asUintN(64, (BigInt(index) + 1n) * 0x9e37_79b9_7f4a_7c15n * 0xbf58_476d_1ce4_e5b9n) | 1n;
}

import { withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfMap, loadObject, PerCpuArrayMap, waitForPrograms } from "@weir/kernel";
import { FlowSamples, Stats } from "@weir/programs";
import { type FlowFamily, IPV4_FLOWS } from "../flow-table/flow-family.ts";
import type { FlowRows } from "../flow-table/flow-rows.ts";
import { SAMPLE_WORDS } from "../flow-table/sample-columns.ts";
import { monitorSpec } from "../monitor/load-monitor.ts";
import { MonitorMaps, mapNames, type NamedMaps } from "../monitor/monitor-maps.ts";
import { NamedStats } from "../monitor/named-stats.ts";
import type { SampleSettings } from "../monitor/sample-settings.ts";
import { NOTHING_COUNTED, type StatsSums } from "../monitor/stats-sums.ts";

/**
 * What several sets of maps hold that no program writes any more, merged into one set with a slot for each connection: so what is
 * carried over does not pile up. User space is the one writer of these.
 *
 * @param stack closes the maps
 */
export function mergedMaps(sets: readonly NamedMaps[], stack: DisposableStack): NamedMaps {
  // Programs that were replaced may still have had a packet on another CPU.
  waitForPrograms();
  const sample: SampleSettings | undefined = sets.some((maps) => maps.has(IPV4_FLOWS.samples))
    ? { by: "packets", rate: 1 }
    : undefined;
  const sums = sumsOf(sets, sample !== undefined);
  const [ipv4, ipv6] = [roomFor(sums.ipv4_slots), roomFor(sums.ipv6_slots)];
  const spec = withMapSizes(monitorSpec({ sample }, { slots: 1, sections: 1 }), {
    XDP_CONN_STATS: ipv4,
    XDP_CONN6_STATS: ipv6,
    ...(sample && { XDP_SAMPLES: ipv4, XDP_SAMPLES6: ipv6 }),
  });
  // With its types, by which another version will know the counters.
  const object = stack.use(loadObject(spec));
  using reader = new MonitorMaps((name) => object.map(name), sample, { carried: sets });
  const [rows4, rows6] = reader.readFlows();
  for (const rows of [rows4, rows6]) if (rows !== undefined) writeRows(rows, (name) => object.map(name));
  writeStats(object.map("STATS"), {
    ...sums,
    ipv4_slots: BigInt(rows4?.connections ?? 0),
    ipv6_slots: BigInt(rows6?.connections ?? 0),
  });
  return new Map(mapNames(sample).map((name) => [name, object.map(name)]));
}

function sumsOf(sets: readonly NamedMaps[], estimates: boolean): StatsSums {
  return sets.reduce((sums, maps) => {
    const map = maps.get("STATS");
    if (map === undefined) return sums;
    using stats = new NamedStats(map, estimates && !maps.has(IPV4_FLOWS.samples));
    return stats.addTo(sums);
  }, NOTHING_COUNTED);
}

/** An array has one element at least. */
const roomFor = (slots: bigint): number => Math.max(Number(slots), 1);

/** All in the part of the first CPU: nobody asks which one had counted it. */
function writeStats(map: BpfMap, sums: StatsSums): void {
  using stats = PerCpuArrayMap.of(map, { value: Stats });
  const [, ...others] = stats.at(0);
  const { evicted_byte_variance_low: low, evicted_byte_variance_high: high } = sums;
  const merged = {
    ...sums,
    evicted_byte_variance_low: BigInt.asUintN(64, low),
    evicted_byte_variance_high: high + (low >> 64n),
    // No counter, and of no use where no program runs.
    sampler_state: 0n,
  };
  stats.set(0, [merged, ...others]);
}

function writeRows(rows: FlowRows, map: (name: FlowFamily["map"] | FlowFamily["samples"]) => BpfMap): void {
  const { family, keys, samples } = rows;
  using flows = ArrayMap.of(map(family.map), { value: family.layout });
  using memory = flows.memory({ writable: true });
  const words = new Uint32Array(memory.buffer);
  const columns = [
    [family.packets, rows.packets],
    [family.bytes, rows.bytes],
    [family.drops, rows.drops],
    [family.lastSeen, rows.lastSeen],
  ] as const;
  const connections = Array.from({ length: rows.count }, (_, row) => row).filter((row) => !rows.isFolded(row));
  for (const [index, row] of connections.entries()) {
    const slot = index * (family.size / 4);
    for (const [place, column] of columns) words.set([column.low(row), column.high(row)], slot + place);
    const key = row * family.keyWords;
    words.set(keys.subarray(key, key + family.keyWords), slot + family.keyStart);
  }
  if (samples === undefined) return;
  using beside = ArrayMap.of(map(family.samples), { value: FlowSamples });
  using sampleMemory = beside.memory({ writable: true });
  const numbers = new BigUint64Array(sampleMemory.buffer);
  for (const [index, row] of connections.entries()) {
    const variance = BigInt(Math.round(samples.byteVariance(row)));
    const record = [samples.sampled.bigint(row), samples.packetVariance.bigint(row), variance, variance >> 64n];
    numbers.set(
      record.map((number) => BigInt.asUintN(64, number)),
      index * (SAMPLE_WORDS / 2),
    );
  }
}

import type { Layout } from "@weir/bytecode/layout";
import { ArrayMap, type BpfMap, type MapMemory, PerCpuArrayMap } from "@weir/kernel";
import { FlowSamples, Stats, XdpConn6Stats, XdpConnStats } from "@weir/programs";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import { FlowRows } from "../flow-table/flow-rows.ts";
import { sumOfCpus } from "../per-cpu-sums.ts";
import { NamedStats } from "./named-stats.ts";
import { hasEstimates, type SampleSettings } from "./sample-settings.ts";
import { NOTHING_COUNTED, type StatsSums } from "./stats-sums.ts";

/** The maps that each monitor has. */
export const MAPS = ["STATS", "XDP_CONN_STATS", "XDP_CONN6_STATS"] as const;
/** Those that it has besides where packets are sampled. */
export const SAMPLE_MAPS = ["XDP_SAMPLES", "XDP_SAMPLES6"] as const;
export type MapName = (typeof MAPS)[number] | (typeof SAMPLE_MAPS)[number];

/** The names of the maps that are read. */
export function mapNames(sample: SampleSettings | undefined): readonly MapName[] {
  return hasEstimates(sample) ? [...MAPS, ...SAMPLE_MAPS] : MAPS;
}

/** Maps by their names in the object. */
export type NamedMaps = ReadonlyMap<string, BpfMap>;

/** What maps may be like that another process made. */
export interface PinnedMaps {
  /** Maps of earlier programs. */
  readonly carried?: readonly NamedMaps[];
  /** Another version of weir may have made them: counters are taken by their names. */
  readonly byName?: boolean;
}

/**
 * The maps of a monitor, open for reading. The descriptors belong to whoever gave them; closing this ends the mappings.
 *
 * A monitor may have carried over what an earlier program of it counted into maps of another layout. Nobody writes those any
 * more; what is in them is added to whatever is read.
 */
export class MonitorMaps implements Disposable {
  /** Packets are sampled. */
  readonly estimates: boolean;
  readonly #readOwn: () => StatsSums;
  readonly #carriedStats: readonly NamedStats[];
  readonly #flows: readonly MappedFlows[];
  readonly #resources: DisposableStack;

  constructor(
    map: (name: MapName) => BpfMap,
    sample: SampleSettings | undefined,
    { carried = [], byName = false }: PinnedMaps = {},
  ) {
    using stack = new DisposableStack();
    this.estimates = hasEstimates(sample);
    if (byName) {
      const stats = stack.use(new NamedStats(map("STATS")));
      this.#readOwn = () => stats.addTo(NOTHING_COUNTED);
    } else {
      const stats = stack.use(PerCpuArrayMap.of(map("STATS"), { value: Stats }));
      this.#readOwn = () => sumOfCpus(stats.at(0));
    }
    this.#carriedStats = carried.map((maps) =>
      stack.use(new NamedStats(mapIn(maps, "STATS"), this.estimates && !maps.has(IPV4_FLOWS.samples))),
    );
    const memory = (from: BpfMap, value: Layout) => stack.use(stack.use(ArrayMap.of(from, { value })).memory());
    const flowsOf = (family: FlowFamily, value: Layout) => {
      const samples = this.estimates ? memory(map(family.samples), FlowSamples) : undefined;
      const carriedFlows = carried.map((maps) => {
        const beside = maps.get(family.samples);
        return {
          slots: memory(mapIn(maps, family.map), value),
          samples: this.estimates && beside !== undefined ? memory(beside, FlowSamples) : undefined,
        };
      });
      return new MappedFlows(family, { slots: memory(map(family.map), value), samples }, carriedFlows);
    };
    this.#flows = [flowsOf(IPV4_FLOWS, XdpConnStats), flowsOf(IPV6_FLOWS, XdpConn6Stats)];
    this.#resources = stack.move();
  }

  readStats(): StatsSums {
    return this.#carriedStats.reduce((sums, carried) => carried.addTo(sums), this.#readOwn());
  }

  /** @param stats read before, which say how many slots are taken */
  readFlows(stats: StatsSums): FlowRows[] {
    return this.#flows.map((flows) => flows.read(Number(stats[flows.family.slots])));
  }

  /** Takes back rows that nobody looks at any more: their memory is used again, which is most of what a reading costs. */
  recycle(families: readonly FlowRows[]): void {
    for (const flows of this.#flows) flows.recycle(families.find(({ family }) => family === flows.family));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** The slots of a flow table, and what lies beside them where packets are sampled. */
interface FlowMemory {
  readonly slots: MapMemory;
  readonly samples: MapMemory | undefined;
}

/** The flow table of one IP version, mapped into this process. */
class MappedFlows {
  readonly family: FlowFamily;
  readonly #own: FlowMemory;
  readonly #carried: readonly FlowMemory[];
  #spare: FlowRows | undefined;

  constructor(family: FlowFamily, own: FlowMemory, carried: readonly FlowMemory[]) {
    this.family = family;
    this.#own = own;
    this.#carried = carried;
  }

  /** @param taken slots that hold connections, at least: where there are none, going through all of them is spared. */
  read(taken: number): FlowRows {
    const { slots, samples } = this.#own;
    const memory = taken === 0 ? new ArrayBuffer(0) : slots.buffer;
    const rows = this.#spare ?? new FlowRows(this.family, memory, taken, samples?.buffer);
    if (rows === this.#spare) rows.refill(memory, taken, samples?.buffer);
    this.#spare = undefined;
    if (taken > 0) for (const carried of this.#carried) rows.add(carried.slots.buffer, carried.samples?.buffer);
    return rows;
  }

  recycle(rows: FlowRows | undefined): void {
    this.#spare ??= rows;
  }
}

function mapIn(maps: NamedMaps, name: MapName): BpfMap {
  const map = maps.get(name);
  if (map === undefined) throw new Error(`there is no map ${name} among those that were carried over`);
  return map;
}

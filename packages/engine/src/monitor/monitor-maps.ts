import { type BpfMap, PerCpuArrayMap } from "@weir/kernel";
import { Stats } from "@weir/programs";
import { IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import type { FlowRows } from "../flow-table/flow-rows.ts";
import { sumOfCpus } from "../per-cpu-sums.ts";
import { MappedFlows } from "./mapped-flows.ts";
import { NamedStats } from "./named-stats.ts";
import { hasEstimates, type SampleSettings } from "./sample-settings.ts";
import { NOTHING_COUNTED, type StatsSums } from "./stats-sums.ts";

/** The maps that each monitor has. */
export const MAPS = ["STATS", "XDP_CONN_STATS", "XDP_CONN6_STATS"] as const;
/** Those that it has besides where packets are sampled. */
export const SAMPLE_MAPS = ["XDP_SAMPLES", "XDP_SAMPLES6"] as const;
/** Those in which programs find the slots of connections; nobody else looks there. */
export const INDEX_MAPS = ["XDP_CONN_INDEX", "XDP_CONN6_INDEX"] as const;
export type MapName = (typeof MAPS)[number] | (typeof SAMPLE_MAPS)[number] | (typeof INDEX_MAPS)[number];

/** The names of the maps that are read. */
export function mapNames(sample: SampleSettings | undefined): readonly MapName[] {
  return hasEstimates(sample) ? [...MAPS, ...SAMPLE_MAPS] : MAPS;
}

/** The names of the maps that a program counts into, and the next one goes on with. */
export function countedMapNames(sample: SampleSettings | undefined): readonly MapName[] {
  return [...mapNames(sample), ...INDEX_MAPS];
}

/** Maps by their names in the object. */
export type NamedMaps = ReadonlyMap<string, BpfMap>;

/** What is known of maps. */
export interface MonitorMapsOptions {
  /** Maps of earlier programs. */
  readonly carried?: readonly NamedMaps[];
  /** Another version of weir may have made them: counters are taken by their names. */
  readonly byName?: boolean;
  /** Slots of each CPU's section of a flow table; without, all sections are read where one would do. */
  readonly sectionSlots?: number | undefined;
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
  /** The counters of each CPU, without what was carried over. */
  readonly #statsOfCpus: () => readonly StatsSums[];
  readonly #carriedStats: readonly NamedStats[];
  readonly #flows: readonly MappedFlows[];
  readonly #resources: DisposableStack;

  constructor(
    map: (name: MapName) => BpfMap,
    sample: SampleSettings | undefined,
    { carried = [], byName = false, sectionSlots }: MonitorMapsOptions = {},
  ) {
    using stack = new DisposableStack();
    this.estimates = hasEstimates(sample);
    if (byName) {
      const stats = stack.use(new NamedStats(map("STATS")));
      this.#statsOfCpus = () => stats.ofCpus();
    } else {
      const stats = stack.use(PerCpuArrayMap.of(map("STATS"), { value: Stats }));
      this.#statsOfCpus = () => stats.at(0);
    }
    this.#carriedStats = carried.map((maps) =>
      stack.use(new NamedStats(mapIn(maps, "STATS"), this.estimates && !maps.has(IPV4_FLOWS.samples))),
    );
    this.#flows = [IPV4_FLOWS, IPV6_FLOWS].map((family) => {
      const own = { slots: map(family.map), samples: this.estimates ? map(family.samples) : undefined };
      const carriedMaps = carried.map((maps) => ({
        slots: mapIn(maps, family.map),
        samples: this.estimates ? maps.get(family.samples) : undefined,
      }));
      return stack.use(new MappedFlows(family, own, carriedMaps, sectionSlots));
    });
    this.#resources = stack.move();
  }

  readStats(): StatsSums {
    return this.#addCarried(sumOfCpus(this.#statsOfCpus()));
  }

  readFlows(): FlowRows[] {
    const stats = this.#statsOfCpus();
    const carried = this.#addCarried(NOTHING_COUNTED);
    return this.#flows.map((flows) => {
      const { slots } = flows.family;
      return flows.read(
        stats.map((part) => Number(part[slots])),
        Number(carried[slots]),
      );
    });
  }

  /** Takes back rows that nobody looks at any more: their memory is used again, which is most of what a reading costs. */
  recycle(families: readonly FlowRows[]): void {
    for (const flows of this.#flows) flows.recycle(families.find(({ family }) => family === flows.family));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  #addCarried(own: StatsSums): StatsSums {
    return this.#carriedStats.reduce((sums, carried) => carried.addTo(sums), own);
  }
}

function mapIn(maps: NamedMaps, name: MapName): BpfMap {
  const map = maps.get(name);
  if (map === undefined) throw new Error(`there is no map ${name} among those that were carried over`);
  return map;
}

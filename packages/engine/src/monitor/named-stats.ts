import { layoutOfBtf } from "@weir/bytecode";
import type { Decoded, Layout } from "@weir/bytecode/layout";
import { type BpfMap, PerCpuArrayMap } from "@weir/kernel";
import { Stats } from "@weir/programs";
import { typesOf } from "./map-types.ts";
import { NOTHING_COUNTED, type StatsSums } from "./stats-sums.ts";

/**
 * The counters of a pinned program, of this version of weir or another one: that may have fewer, or others. So they are taken by the
 * names that the map's own types give them; those that it does not have are 0.
 */
export class NamedStats implements Disposable {
  readonly #map: PerCpuArrayMap<Layout>;
  readonly #exactAmongSampled: boolean;

  /** @param exactAmongSampled whether each packet was looked at here, which is added to what is sampled */
  constructor(map: BpfMap, exactAmongSampled = false) {
    this.#map = PerCpuArrayMap.of(map, { value: layoutOf(map) });
    this.#exactAmongSampled = exactAmongSampled;
  }

  /** The counters of each CPU. */
  ofCpus(): StatsSums[] {
    return this.#map.at(0).map((part) => withAdded(NOTHING_COUNTED, part));
  }

  /** Sums with what is in here added, as far as both have it. */
  addTo(sums: StatsSums): StatsSums {
    const all = this.#map.at(0).reduce<StatsSums>(withAdded, sums);
    if (!this.#exactAmongSampled) return all;
    return { ...all, evicted_sampled: all.evicted_sampled + all.evicted_packets - sums.evicted_packets };
  }

  [Symbol.dispose](): void {
    this.#map[Symbol.dispose]();
  }
}

/** Sums with a record added, as far as both have the same counters. */
function withAdded(sums: StatsSums, part: Decoded<Layout>): StatsSums {
  const added: Record<string, bigint> = { ...sums };
  // What has the layout of a structure is decoded to a record.
  for (const [name, value] of Object.entries(part as object)) {
    const sum = added[name];
    if (sum !== undefined && typeof value === "bigint") added[name] = sum + value;
  }
  // It has the names of the sums, and no others.
  return added as StatsSums;
}

/** Without types it is taken for what this version has; the sizes are compared then. */
function layoutOf(map: BpfMap): Layout {
  const types = typesOf(map);
  return (types && layoutOfBtf(types, map.info.valueType)) ?? Stats;
}

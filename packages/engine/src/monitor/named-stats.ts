import { layoutOfBtf } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";
import { type BpfMap, PerCpuArrayMap } from "@weir/kernel";
import { Stats } from "@weir/programs";
import { typesOf } from "./map-types.ts";
import type { StatsSums } from "./stats-sums.ts";

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

  /** Sums with what is in here added, as far as both have it. */
  addTo(sums: StatsSums): StatsSums {
    const added: Record<string, bigint> = { ...sums };
    const evictedBefore = sums.evicted_packets;
    for (const part of this.#map.at(0)) {
      // What has the layout of a structure is decoded to a record.
      for (const [name, value] of Object.entries(part as object)) {
        const sum = added[name];
        if (sum !== undefined && typeof value === "bigint") added[name] = sum + value;
      }
    }
    // It has the names of the sums, and no others.
    const all = added as StatsSums;
    if (!this.#exactAmongSampled) return all;
    return { ...all, evicted_sampled: all.evicted_sampled + all.evicted_packets - evictedBefore };
  }

  [Symbol.dispose](): void {
    this.#map[Symbol.dispose]();
  }
}

/** Without types it is taken for what this version has; the sizes are compared then. */
function layoutOf(map: BpfMap): Layout {
  const types = typesOf(map);
  return (types && layoutOfBtf(types, map.info.valueType)) ?? Stats;
}

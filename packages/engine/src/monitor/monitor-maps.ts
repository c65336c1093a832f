import type { Layout } from "@weir/bytecode/layout";
import { ArrayMap, type BpfMap, type MapMemory, PerCpuArrayMap } from "@weir/kernel";
import { FlowSamples, Stats, XdpConn6Stats, XdpConnStats } from "@weir/programs";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import { FlowRows } from "../flow-table/flow-rows.ts";
import { sumOfCpus } from "../per-cpu-sums.ts";
import { hasEstimates, type SampleSettings } from "./sample-settings.ts";
import type { StatsSums } from "./stats-sums.ts";

const MAPS = ["STATS", "XDP_CONN_STATS", "XDP_CONN6_STATS"] as const;
const SAMPLE_MAPS = ["XDP_SAMPLES", "XDP_SAMPLES6"] as const;
export type MapName = (typeof MAPS)[number] | (typeof SAMPLE_MAPS)[number];

/** The names of the maps that are read. */
export function mapNames(sample: SampleSettings | undefined): readonly MapName[] {
  return hasEstimates(sample) ? [...MAPS, ...SAMPLE_MAPS] : MAPS;
}

/** The maps of a monitor, open for reading. The descriptors belong to whoever gave them; closing this ends the mappings. */
export class MonitorMaps implements Disposable {
  /** Packets are sampled. */
  readonly estimates: boolean;
  readonly #stats: PerCpuArrayMap<typeof Stats>;
  readonly #flows: readonly MappedFlows[];
  readonly #resources: DisposableStack;

  constructor(map: (name: MapName) => BpfMap, sample: SampleSettings | undefined) {
    using stack = new DisposableStack();
    this.estimates = hasEstimates(sample);
    this.#stats = stack.use(PerCpuArrayMap.of(map("STATS"), { value: Stats }));
    const memory = (name: MapName, value: Layout) => stack.use(stack.use(ArrayMap.of(map(name), { value })).memory());
    const samples = ({ samples: name }: FlowFamily) => (this.estimates ? memory(name, FlowSamples) : undefined);
    this.#flows = [
      new MappedFlows(IPV4_FLOWS, memory("XDP_CONN_STATS", XdpConnStats), samples(IPV4_FLOWS)),
      new MappedFlows(IPV6_FLOWS, memory("XDP_CONN6_STATS", XdpConn6Stats), samples(IPV6_FLOWS)),
    ];
    this.#resources = stack.move();
  }

  readStats(): StatsSums {
    return sumOfCpus(this.#stats.at(0));
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

/** The flow table of one IP version, mapped into this process. */
class MappedFlows {
  readonly family: FlowFamily;
  readonly #memory: MapMemory;
  readonly #samples: MapMemory | undefined;
  #spare: FlowRows | undefined;

  constructor(family: FlowFamily, memory: MapMemory, samples: MapMemory | undefined) {
    this.family = family;
    this.#memory = memory;
    this.#samples = samples;
  }

  /** @param taken slots that hold connections, at least: where there are none, going through all of them is spared. */
  read(taken: number): FlowRows {
    const slots = taken === 0 ? new ArrayBuffer(0) : this.#memory.buffer;
    const rows = this.#spare;
    if (rows === undefined) return new FlowRows(this.family, slots, taken, this.#samples?.buffer);
    this.#spare = undefined;
    rows.refill(slots, taken, this.#samples?.buffer);
    return rows;
  }

  recycle(rows: FlowRows | undefined): void {
    this.#spare ??= rows;
  }
}

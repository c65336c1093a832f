import { ArrayMap, type BpfMap, type MapMemory, PerCpuArrayMap } from "@weir/kernel";
import { Stats, XdpConn6Stats, XdpConnStats } from "@weir/programs";
import { type FlowFamily, IPV4_FLOWS, IPV6_FLOWS } from "../flow-table/flow-family.ts";
import { FlowRows } from "../flow-table/flow-rows.ts";
import { type StatsSums, sumStats } from "./stats-sums.ts";

/** The names of the maps that are read. */
export const MAP_NAMES = ["STATS", "XDP_CONN_STATS", "XDP_CONN6_STATS"] as const;
export type MapName = (typeof MAP_NAMES)[number];

/** The maps of a monitor, open for reading. The descriptors belong to whoever gave them; closing this ends the mappings. */
export class MonitorMaps implements Disposable {
  readonly #stats: PerCpuArrayMap<typeof Stats>;
  readonly #flows: readonly MappedFlows[];
  readonly #resources: DisposableStack;

  constructor(map: (name: MapName) => BpfMap) {
    using stack = new DisposableStack();
    this.#stats = stack.use(PerCpuArrayMap.of(map("STATS"), { value: Stats }));
    const ipv4 = stack.use(ArrayMap.of(map("XDP_CONN_STATS"), { value: XdpConnStats }));
    const ipv6 = stack.use(ArrayMap.of(map("XDP_CONN6_STATS"), { value: XdpConn6Stats }));
    this.#flows = [
      new MappedFlows(IPV4_FLOWS, stack.use(ipv4.memory())),
      new MappedFlows(IPV6_FLOWS, stack.use(ipv6.memory())),
    ];
    this.#resources = stack.move();
  }

  readStats(): StatsSums {
    return sumStats(this.#stats.at(0));
  }

  /** @param stats read before, which say how many slots are taken */
  readFlows(stats: StatsSums): FlowRows[] {
    return this.#flows.map((flows) => flows.read(Number(stats[flows.family.slots])));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** The flow table of one IP version, mapped into this process. */
class MappedFlows {
  readonly family: FlowFamily;
  readonly #memory: MapMemory;

  constructor(family: FlowFamily, memory: MapMemory) {
    this.family = family;
    this.#memory = memory;
  }

  /** @param taken slots that hold connections, at least: where there are none, going through all of them is spared. */
  read(taken: number): FlowRows {
    return new FlowRows(this.family, taken === 0 ? new ArrayBuffer(0) : this.#memory.buffer, taken);
  }
}

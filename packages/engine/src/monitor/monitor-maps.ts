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

  readFlows(): FlowRows[] {
    return this.#flows.map((flows) => flows.read());
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

/** The flow table of one IP version, mapped into this process. */
class MappedFlows {
  readonly #family: FlowFamily;
  readonly #memory: MapMemory;
  /** How many there were the last time: there will be about as many. */
  #count = 0;

  constructor(family: FlowFamily, memory: MapMemory) {
    this.#family = family;
    this.#memory = memory;
  }

  read(): FlowRows {
    const rows = new FlowRows(this.#family, this.#memory.buffer, this.#count);
    this.#count = rows.count;
    return rows;
  }
}

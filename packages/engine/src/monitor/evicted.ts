import type { Evicted } from "../snapshot.ts";
import type { StatsSums } from "./stats-sums.ts";

/** Connections whose slot another one took over, and those still in their slots but silent for too long. */
export function evictedOf(stats: StatsSums, idle: Evicted): Evicted {
  return {
    connections: stats.evicted_flows + idle.connections,
    packets: stats.evicted_packets + idle.packets,
    bytes: stats.evicted_bytes + idle.bytes,
  };
}

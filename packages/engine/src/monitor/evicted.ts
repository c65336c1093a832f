import type { Evicted } from "../snapshot.ts";
import type { StatsSums } from "./stats-sums.ts";

/** Connections whose slot another one took over, and those still in their slots but silent for too long. */
export function evictedOf(stats: StatsSums, idle: Evicted): Evicted {
  const evicted = {
    connections: stats.evicted_flows + idle.connections,
    packets: stats.evicted_packets + idle.packets,
    bytes: stats.evicted_bytes + idle.bytes,
  };
  const { standardError } = idle;
  if (standardError === undefined) return evicted;
  const byteVariance = Number(stats.evicted_byte_variance_high) * 2 ** 64 + Number(stats.evicted_byte_variance_low);
  return {
    ...evicted,
    standardError: {
      packets: Math.hypot(Math.sqrt(Number(stats.evicted_packet_variance)), standardError.packets),
      bytes: Math.hypot(Math.sqrt(byteVariance), standardError.bytes),
    },
  };
}

import type { Monitor } from "@weir/engine";
import { connectionMetrics } from "./connection-metrics.ts";
import { interfaceMetrics } from "./interface-metrics.ts";
import type { MetricFamily } from "./metric-family.ts";
import { OtherConnections } from "./other-connections.ts";
import { steeringMetrics } from "./steering-metrics.ts";

/**
 * Reads a monitor, and makes metrics of what it has counted, each time that the result is called.
 *
 * @example
 * ```ts
 * const collect = monitorMetrics(watch("eth0"), 10);
 * collect().map(({ name }) => name); // ["weir_interface", …]
 * ```
 * @param top connections that have series of their own, by bytes
 */
export function monitorMetrics(monitor: Monitor, top: number): () => MetricFamily[] {
  let others: ReadonlyMap<number, OtherConnections> = new Map();
  return () => {
    const snapshots = monitor.peek({ sort: "bytes", limit: top });
    // Interfaces that are followed come and go.
    others = new Map(monitor.interfaces.map(({ index }) => [index, others.get(index) ?? new OtherConnections()]));
    const readings = monitor.interfaces.flatMap((subject) => {
      const snapshot = snapshots.find(({ interface: name }) => name === subject.name);
      const other = others.get(subject.index);
      return snapshot && other ? [{ subject, snapshot, others: other.update(snapshot) }] : [];
    });
    return [...interfaceMetrics(readings), ...connectionMetrics(readings), ...steeringMetrics(snapshots)];
  };
}

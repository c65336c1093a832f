import type { Snapshot, SteeringTarget } from "@weir/engine";
import { counter, type MetricFamily, type Sample } from "./metric-family.ts";

/** What balancers gave to their targets, and what became of it; nothing for interfaces that are only watched. */
export function steeringMetrics(snapshots: readonly Snapshot[]): MetricFamily[] {
  const balanced = snapshots.flatMap(({ interface: name, steering }) => (steering ? [{ name, steering }] : []));
  if (balanced.length === 0) return [];
  /** What the kernel does not tell has no sample. */
  const byTarget = (value: (target: SteeringTarget) => bigint | null): Sample[] =>
    balanced.flatMap(({ name, steering }) =>
      steering.targets.flatMap((target) => {
        const known = value(target);
        const labels = { interface: name, target: String(target.target) };
        return known === null ? [] : [{ labels, value: known }];
      }),
    );
  return [
    counter(
      { name: "weir_balanced_packets", help: "Frames that were given to a CPU or interface." },
      byTarget(({ packets }) => packets),
    ),
    counter(
      { name: "weir_balanced_bytes", unit: "bytes", help: "Bytes of these frames." },
      byTarget(({ bytes }) => bytes),
    ),
    counter(
      { name: "weir_balanced_delivered_packets", help: "Frames that the CPU or the driver of the interface took." },
      byTarget(({ delivered }) => delivered),
    ),
    counter(
      { name: "weir_balanced_dropped_packets", help: "Frames that were lost for a full queue or ring." },
      byTarget(({ dropped }) => dropped),
    ),
    counter(
      { name: "weir_balanced_error_packets", help: "Frames that the kernel could not redirect." },
      byTarget(({ errors }) => errors),
    ),
    counter(
      {
        name: "weir_balanced_absent_packets",
        help: "Frames that were passed on because their target is not there any more.",
      },
      byTarget(({ absent }) => absent),
    ),
  ];
}

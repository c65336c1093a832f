import type { Capture, CaptureCounts } from "@weir/engine";
import { counter, info, type MetricFamily } from "./metric-family.ts";

/** What became of a frame that was not written, as a label. */
const CAUSES: readonly (readonly [label: string, count: keyof CaptureCounts])[] = [
  ["ring_full", "ringFull"],
  ["no_ring", "noRing"],
  ["uncopied", "uncopied"],
];
const LEFT_OUT: readonly (readonly [label: string, count: keyof CaptureCounts])[] = [
  ["sampling", "sampledOut"],
  ["verdict", "otherVerdict"],
  ["count", "pastCount"],
];

/**
 * What a capture has seen and written until now, losses by CPU.
 *
 * @example
 * ```ts
 * using running = capture("eth0", { output: "eth0.pcapng" });
 * captureMetrics(running).map(({ name }) => name); // ["weir_interface", "weir_capture_seen_packets", …]
 * ```
 */
export function captureMetrics(capture: Capture): MetricFamily[] {
  const { name, mode, index, programId } = capture.interface;
  const here = { interface: name };
  const statistics = capture.statistics();
  const { seen, written, unwritten, outputBytes, cpus } = statistics;
  return [
    info(
      { name: "weir_interface", help: "How weir is attached: the mode is drv (driver) or skb (before the stack)." },
      [{ ...here, index: String(index), mode, program_id: String(programId) }],
    ),
    counter({ name: "weir_capture_seen_packets", help: "Packets that came in." }, [{ labels: here, value: seen }]),
    counter({ name: "weir_capture_written_packets", help: "Packets that were captured for the output." }, [
      { labels: here, value: written },
    ]),
    counter({ name: "weir_capture_output_bytes", unit: "bytes", help: "Bytes that were written." }, [
      { labels: here, value: outputBytes },
    ]),
    counter(
      {
        name: "weir_capture_lost_packets",
        help: "Packets that were lost: ring_full, no_ring (CPU plugged in later), uncopied.",
      },
      cpus.flatMap(({ cpu, ...counts }) =>
        CAUSES.map(([cause, count]) => ({ labels: { ...here, cpu: String(cpu), cause }, value: counts[count] })),
      ),
    ),
    counter({ name: "weir_capture_unwritten_packets", help: "Packets that were captured and could not be written." }, [
      { labels: here, value: unwritten },
    ]),
    counter(
      { name: "weir_capture_left_out_packets", help: "Packets that were not asked for, by what left them out." },
      LEFT_OUT.map(([by, count]) => ({ labels: { ...here, by }, value: statistics[count] })),
    ),
  ];
}

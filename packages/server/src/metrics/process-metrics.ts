import { readdirSync } from "node:fs";
import { counter, gauge, type MetricFamily } from "./metric-family.ts";

/** What this process costs, under the names that Prometheus' client libraries use. */
export function processMetrics(): MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal } = process.memoryUsage();
  const one = (value: number) => [{ labels: {}, value }];
  return [
    counter(
      { name: "process_cpu_seconds", unit: "seconds", help: "CPU time of this process, user and system." },
      one((user + system) / 1e6),
    ),
    gauge(
      { name: "process_resident_memory_bytes", unit: "bytes", help: "Memory of this process that is in RAM." },
      one(rss),
    ),
    gauge(
      {
        name: "process_start_time_seconds",
        unit: "seconds",
        help: "When this process started, in seconds since 1970.",
      },
      one(Date.now() / 1000 - process.uptime()),
    ),
    gauge({ name: "process_open_fds", help: "Open file descriptors of this process." }, one(openDescriptors())),
    gauge(
      { name: "nodejs_heap_size_used_bytes", unit: "bytes", help: "Memory that JavaScript objects take." },
      one(heapUsed),
    ),
    gauge(
      { name: "nodejs_heap_size_total_bytes", unit: "bytes", help: "Memory that is set aside for JavaScript objects." },
      one(heapTotal),
    ),
  ];
}

/** Without the one that the counting itself opens. */
function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length - 1;
}

import { readFileSync } from "node:fs";
import { openPerfEvent } from "../bpf/perf-event.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { hasCode } from "../errors/has-code.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { TracingFileSystem } from "../tracing/tracing-file-system.ts";
import { perf_type_id } from "../uapi/perf.generated.ts";

/** The event is one of a CPU; a program at it runs on all. */
const FIRST_CPU = 0;

/**
 * The event of a tracepoint, for a program to be attached to.
 *
 * @param tracepoint `sched/sched_switch`
 * @throws {KernelError} `WEIR_NOT_FOUND` when there is no such tracepoint
 */
export function openTracepointEvent(tracepoint: string): FileDescriptor {
  const subject = `tracepoint ${tracepoint}`;
  const type = perf_type_id.PERF_TYPE_TRACEPOINT;
  return openPerfEvent({ type, config: numberOf(tracepoint) }, FIRST_CPU, subject);
}

function numberOf(tracepoint: string): number {
  using fileSystem = new TracingFileSystem();
  try {
    return Number(readFileSync(fileSystem.path(`events/${tracepoint}/id`), "utf8"));
  } catch (cause) {
    if (!hasCode(cause, "ENOENT")) throw cause;
    const parts = { code: "WEIR_NOT_FOUND", attempted: "open", subject: `tracepoint ${tracepoint}` } as const;
    const advice = ["This kernel has no such tracepoint: those it has are in /sys/kernel/tracing/available_events."];
    throw new KernelError({ ...parts, errno: ERRNO.ENOENT, answer: "ENOENT", advice }, { cause });
  }
}

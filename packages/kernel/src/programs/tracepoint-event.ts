import { readFileSync } from "node:fs";
import { Attributes } from "../bpf/attributes.ts";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { TracingFileSystem } from "../tracing/tracing-file-system.ts";
import { PERF_FLAG_FD_CLOEXEC } from "../uapi/macros.ts";
import { perf_event_attr, perf_type_id } from "../uapi/perf.generated.ts";

/** perf_event_open(2): processes and groups of which there are none to choose. */
const ANY = -1;
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
  using attributes = new Attributes(perf_event_attr, {
    type: perf_type_id.PERF_TYPE_TRACEPOINT,
    size: perf_event_attr.size,
    config: numberOf(tracepoint),
    sample_period: 1,
    wakeup_events: 1,
  });
  const result = nativeCalls().perfEventOpen(attributes.block.address, ANY, FIRST_CPU, ANY, PERF_FLAG_FD_CLOEXEC);
  if (result < 0) throw systemError("perf_event_open", subject, -result);
  return new FileDescriptor(result, subject);
}

function numberOf(tracepoint: string): number {
  using fileSystem = new TracingFileSystem();
  try {
    return Number(readFileSync(fileSystem.path(`events/${tracepoint}/id`), "utf8"));
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    const parts = { code: "WEIR_NOT_FOUND", attempted: "open", subject: `tracepoint ${tracepoint}` } as const;
    const advice = ["This kernel has no such tracepoint: those it has are in /sys/kernel/tracing/available_events."];
    throw new KernelError({ ...parts, errno: ERRNO.ENOENT, answer: "ENOENT", advice }, { cause });
  }
}

import { readFileSync } from "node:fs";
import { Attributes } from "../bpf/attributes.ts";
import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { PERF_FLAG_FD_CLOEXEC } from "../uapi/macros.ts";
import { perf_event_attr, perf_type_id } from "../uapi/perf.generated.ts";

const MOUNTS = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
/** perf_event_open(2): processes and groups of which there are none to choose. */
const ANY = -1;
/** The event is one of a CPU; a program at it runs on all. */
const FIRST_CPU = 0;

/**
 * The event of a tracepoint, for a program to be attached to.
 *
 * @param tracepoint `sched/sched_switch`
 * @throws {KernelError} `WEIR_NOT_FOUND` when there is no such tracepoint, or nothing to look its number up in
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
  for (const mount of MOUNTS) {
    try {
      return Number(readFileSync(`${mount}/events/${tracepoint}/id`, "utf8"));
    } catch (error) {
      // Not here: in the other place, or nowhere.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new KernelError({
    code: "WEIR_NOT_FOUND",
    attempted: "open",
    subject: `tracepoint ${tracepoint}`,
    errno: ERRNO.ENOENT,
    answer: "ENOENT",
    advice: [
      `Its number is looked up in ${MOUNTS[0]}/events, where it is not, or nothing is mounted.`,
      `Mount what is there with: mount -t tracefs tracefs ${MOUNTS[0]}`,
    ],
  });
}

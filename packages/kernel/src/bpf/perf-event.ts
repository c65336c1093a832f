import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { PERF_FLAG_FD_CLOEXEC } from "../uapi/macros.ts";
import { perf_event_attr } from "../uapi/perf.generated.ts";
import type { FieldOf } from "../uapi/structure.ts";
import { Attributes } from "./attributes.ts";

/** perf_event_open(2): processes and groups of which there are none to choose. */
const ANY = -1;

/** An event of a CPU that wakes up, or runs what is attached to it, each time. @throws {KernelError} */
export function openPerfEvent(
  values: { readonly [F in FieldOf<typeof perf_event_attr>]?: number | bigint },
  cpu: number,
  subject: string,
): FileDescriptor {
  using attributes = new Attributes(perf_event_attr, {
    size: perf_event_attr.size,
    sample_period: 1,
    wakeup_events: 1,
    ...values,
  });
  const result = nativeCalls().perfEventOpen(attributes.block.address, ANY, cpu, ANY, PERF_FLAG_FD_CLOEXEC);
  if (result < 0) throw systemError("perf_event_open", subject, -result);
  return new FileDescriptor(result, subject);
}

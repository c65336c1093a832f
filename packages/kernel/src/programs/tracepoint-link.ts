import type { ProgramSpec } from "@weir/bytecode";
import { Attributes } from "../bpf/attributes.ts";
import { bpfOpen } from "../bpf/bpf-call.ts";
import { arena } from "../memory/arena.ts";
import { bpf_attach_type, bpf_raw_tracepoint_open } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { createLink, ProgramLink } from "./program-link.ts";
import { sectionTarget } from "./program-place.ts";
import { openTracepointEvent } from "./tracepoint-event.ts";

/**
 * Runs a program each time the kernel passes its tracepoint, on all CPUs and in all network namespaces, until the link is
 * closed or the process ends.
 *
 * @example
 * ```ts
 * const [spec] = monitor.programs.values(); // in section raw_tp/xdp_cpumap_enqueue
 * if (spec === undefined) throw new Error("the object has no program");
 * using link = attachTracepoint(program, spec);
 * ```
 * Raw tracepoints since Linux 4.17, typed ones since 5.5, those with a record (`tp/CATEGORY/NAME`) since 5.15.
 * @throws {KernelError} `WEIR_NOT_FOUND` when the kernel has no such tracepoint
 */
export function attachTracepoint(program: BpfProgram, { type, section }: ProgramSpec): ProgramLink {
  const tracepoint = sectionTarget(section);
  const subject = `tracepoint ${tracepoint}`;
  if (type === "tracepoint") {
    // The link keeps the event.
    using event = openTracepointEvent(tracepoint);
    const place = { target_fd: event.number, attach_type: bpf_attach_type.BPF_PERF_EVENT };
    return new ProgramLink(createLink(program, place, subject));
  }
  // A typed one has said when it was loaded where it goes to.
  using name = arena().text(tracepoint);
  using attributes = new Attributes(bpf_raw_tracepoint_open, {
    name: type === "raw-tracepoint" ? name.address : 0,
    prog_fd: program.descriptor.number,
  });
  return new ProgramLink(bpfOpen("BPF_RAW_TRACEPOINT_OPEN", attributes, subject));
}

import { KernelError } from "../errors/kernel-error.ts";
import { bpf_attach_type, bpf_prog_type } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { programCode } from "./program-details.ts";
import { createLink, ProgramLink } from "./program-link.ts";
import type { ProgramPlace } from "./program-place.ts";

/**
 * Runs a program that was loaded with `enters` each time before the other one does, with what that is given: an XDP program's `struct xdp_buff`. It
 * changes nothing of what becomes of a frame, and is gone when the link is closed or the process ends.
 *
 * @example
 * ```ts
 * using object = loadObject(monitor);
 * const found = object.program("count", { enters: program });
 * if (found.kind === "not found") throw new Error("the object has no such program");
 * using link = attachEntry(found.program, program);
 * ```
 * Since Linux 5.5, on arm64 6.0, with the JIT compiler.
 * @throws {KernelError} `WEIR_PERMISSION` from a kernel that is locked down
 */
export function attachEntry(program: BpfProgram, entered: BpfProgram): ProgramLink {
  const place = { attach_type: bpf_attach_type.BPF_TRACE_FENTRY };
  return new ProgramLink(createLink(program, place, `the entry of program "${entered.name}"`));
}

/** Where such a program runs, in the terms of BPF_PROG_LOAD. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION` */
export function entryPlace(entered: BpfProgram): ProgramPlace & { readonly attach_prog_fd: number } {
  // The first function is the program itself.
  const type = programCode(entered).functions[0]?.type;
  if (type === undefined) {
    throw new KernelError({
      code: "WEIR_NOT_FOUND",
      attempted: "look up",
      subject: `the entry of program "${entered.name}"`,
      errno: 0,
      answer: "the program was loaded without types (BTF)",
      advice: ["Only programs whose object describes their functions can be looked into."],
    });
  }
  return {
    prog_type: bpf_prog_type.BPF_PROG_TYPE_TRACING,
    expected_attach_type: bpf_attach_type.BPF_TRACE_FENTRY,
    attach_btf_id: type,
    attach_prog_fd: entered.descriptor.number,
  };
}

import type { Instruction, ProgramType } from "@weir/bytecode";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { loadProgram } from "../programs/load-program.ts";

/** A section of each type of program, with a target that every kernel has. */
export const PROBE_SECTIONS: Readonly<Record<ProgramType, string>> = {
  xdp: "xdp",
  tcx: "tcx/ingress",
  tracepoint: "tp/sched/sched_switch",
  "raw-tracepoint": "raw_tp/sched_switch",
  "typed-tracepoint": "tp_btf/sched_switch",
  "socket-operations": "sockops",
  iterator: "iter/task",
};

/**
 * Gives the kernel a program to ask it something with.
 *
 * @throws {VerifierError | KernelError} as `loadProgram`
 */
export function loadProbe(type: ProgramType, instructions: readonly Instruction[]): FileDescriptor {
  const program = {
    name: "probe",
    section: PROBE_SECTIONS[type],
    type,
    frags: false,
    instructions,
    references: [],
    functions: [],
    lines: [],
  };
  // Not under the GPL, to hear of helpers that want it.
  return loadProgram(program, { license: "MIT", maps: new Map(), btf: undefined, offloadTo: undefined });
}

import type { Instruction, ProgramSpec, ProgramType } from "@weir/bytecode";

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

/** A program to ask the kernel with. */
export function probeProgram(type: ProgramType, instructions: readonly Instruction[]): ProgramSpec {
  return {
    name: "probe",
    section: PROBE_SECTIONS[type],
    type,
    frags: false,
    instructions,
    references: [],
    functions: [],
    lines: [],
  };
}

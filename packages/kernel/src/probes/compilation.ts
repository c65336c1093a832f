import { alu, exit } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { programDetails } from "../programs/program-details.ts";
import { Answer } from "./answer.ts";
import { loadProbe } from "./probe-program.ts";

/**
 * Whether the kernel makes machine code of programs, or interprets them: loads a small one and looks. The setting
 * `net.core.bpf_jit_enable` is to be seen in the first network namespace alone.
 */
export function probeCompilation(): Answer {
  try {
    using program = new BpfProgram(loadProbe("xdp", [alu("mov", 64, 0, 0), exit()]));
    return programDetails(program).machineSize > 0
      ? Answer.yes
      : Answer.no("it is switched off: sysctl net.core.bpf_jit_enable=1");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return Answer.unknown(`${error.attempted} gives ${error.answer}`);
  }
}

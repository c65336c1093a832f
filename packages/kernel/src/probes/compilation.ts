import { alu, exit } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { loadProgram } from "../programs/load-program.ts";
import { programDetails } from "../programs/program-details.ts";
import { type Answer, no, unknown, YES } from "./answer.ts";
import { probeProgram } from "./probe-program.ts";

/**
 * Whether the kernel makes machine code of programs, or interprets them: loads a small one and looks. The setting
 * `net.core.bpf_jit_enable` is to be seen in the first network namespace alone.
 */
export function probeCompilation(): Answer {
  try {
    using program = new BpfProgram(
      loadProgram(probeProgram("xdp", [alu("mov", 64, 0, 0), exit()]), {
        license: "MIT",
        maps: new Map(),
        btf: undefined,
        offloadTo: undefined,
      }),
    );
    return programDetails(program).machineSize > 0 ? YES : no("it is switched off: sysctl net.core.bpf_jit_enable=1");
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return unknown(`${error.attempted} gives ${error.answer}`);
  }
}

import { callHelper, exit, type ProgramType } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { loadProgram } from "../programs/load-program.ts";
import { VerifierError } from "../verifier/verifier-error.ts";
import { type Answer, no, unknown, YES } from "./answer.ts";
import { probeProgram } from "./probe-program.ts";

/** Newer kernels say the latter where older ones said the former. */
const NOT_ALLOWED = /unknown func|invalid func|program of this type cannot use helper|helper .* not supported/;
const GPL_ONLY = /cannot call GPL-restricted function/;

/** Whether programs of a type may call a helper, and with which licences. */
export type HelperAnswer = Answer & { readonly gplOnly?: boolean };

/**
 * Whether the running kernel lets programs of a type call a helper. The verifier is asked with a program that calls it without
 * arguments: it looks at who may call before it looks at what with.
 *
 * @example
 * ```ts
 * import { helperNumber } from "@weir/bytecode";
 * import { probeHelper } from "@weir/kernel";
 *
 * probeHelper(helperNumber("bpf_xdp_load_bytes"), "xdp").answer; // "yes" since Linux 5.18
 * ```
 * Needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; without them the answer is `"unknown"`.
 * @param number the helper's number
 */
export function probeHelper(number: number, type: ProgramType): HelperAnswer {
  try {
    // Not under the GPL, to hear of helpers that want it.
    loadProgram(probeProgram(type, [callHelper(number), exit()]), {
      license: "MIT",
      maps: new Map(),
      btf: undefined,
      offloadTo: undefined,
    })[Symbol.dispose]();
    return YES;
  } catch (error) {
    if (error instanceof VerifierError) {
      if (NOT_ALLOWED.test(error.reason)) return no(error.reason);
      return GPL_ONLY.test(error.reason) ? { ...YES, gplOnly: true } : YES;
    }
    if (!(error instanceof KernelError)) throw error;
    return unknown(`${error.attempted} gives ${error.answer}`);
  }
}

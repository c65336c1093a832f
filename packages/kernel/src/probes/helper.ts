import { callHelper, exit, type ProgramType } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";
import { VerifierError } from "../verifier/verifier-error.ts";
import { Answer } from "./answer.ts";
import { loadProbe } from "./probe-program.ts";

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
    loadProbe(type, [callHelper(number), exit()])[Symbol.dispose]();
    return Answer.yes;
  } catch (error) {
    if (error instanceof VerifierError) {
      if (NOT_ALLOWED.test(error.reason)) return Answer.no(error.reason);
      return GPL_ONLY.test(error.reason) ? { ...Answer.yes, gplOnly: true } : Answer.yes;
    }
    if (!(error instanceof KernelError)) throw error;
    return Answer.unknown(`${error.attempted} gives ${error.answer}`);
  }
}

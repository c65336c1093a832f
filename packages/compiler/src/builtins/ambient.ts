import { type HelperName, helperNumber } from "@weir/bytecode";
import { lowered } from "../lowering/lowered.ts";
import { type IntegerType, u32, u64 } from "../types/scalar.ts";
import type { Builtin } from "./builtin.ts";

/** Helpers that take nothing and give a number of their surroundings. */
export const ambientHelpers: readonly {
  readonly name: string;
  readonly helper: HelperName;
  readonly type: IntegerType;
}[] = [
  { name: "monotonicTime", helper: "bpf_ktime_get_ns", type: u64 },
  { name: "jiffies", helper: "bpf_jiffies64", type: u64 },
  { name: "cpuNumber", helper: "bpf_get_smp_processor_id", type: u32 },
  { name: "randomNumber", helper: "bpf_get_prandom_u32", type: u32 },
];

export const ambientBuiltins: readonly Builtin[] = ambientHelpers.map(({ name, helper, type }) => ({
  name,
  check: () => ({ type, arguments: [] }),
  lower: (_node, { builder }) => {
    const result = builder.callHelper(helperNumber(helper), []);
    return lowered(type.bits === 64 ? result : builder.truncate(result, 32));
  },
  interpret: (_node, interpreter) => interpreter.ambient(name),
}));

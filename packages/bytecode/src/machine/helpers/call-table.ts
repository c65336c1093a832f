import { type HelperName, helperName, helperNumber } from "../../helpers/number.ts";
import { MachineError } from "../machine-error.ts";
import { checksumHelpers } from "./checksum-helpers.ts";
import { controlHelpers } from "./control-helpers.ts";
import type { CallTable, Helper, Helpers } from "./helper-call.ts";
import { mapHelpers } from "./map-helpers.ts";
import { memoryHelpers } from "./memory-helpers.ts";
import { packetHelpers } from "./packet-helpers.ts";
import { redirectHelpers } from "./redirect-helpers.ts";
import { ringBufferHelpers } from "./ring-buffer-helpers.ts";
import { surroundingsHelpers } from "./surroundings-helpers.ts";
import { textHelpers } from "./text-helpers.ts";

/** The helpers that every machine has. */
const builtIn: Helpers = {
  ...mapHelpers,
  ...ringBufferHelpers,
  ...packetHelpers,
  ...redirectHelpers,
  ...surroundingsHelpers,
  ...controlHelpers,
  ...checksumHelpers,
  ...textHelpers,
  ...memoryHelpers,
};

/** Kernel functions (kfuncs) that every machine has: what they protect from does not happen here. */
const kernelFunctions: Readonly<Record<string, Helper>> = {
  bpf_rcu_read_lock: () => 0n,
  bpf_rcu_read_unlock: () => 0n,
  bpf_preempt_disable: () => 0n,
  bpf_preempt_enable: () => 0n,
};

/** The functions that programs can call: those of the caller's own go before the built-in ones. */
export function callTable(own: Helpers, ownFunctions: Readonly<Record<string, Helper>>): CallTable {
  const helpers = new Map<number, { readonly name: string; readonly call: Helper }>();
  for (const [name, call] of Object.entries({ ...builtIn, ...own })) {
    // The keys of both are names of helpers.
    if (call !== undefined) helpers.set(helperNumber(name as HelperName), { name, call });
  }
  const functions: Readonly<Record<string, Helper>> = { ...kernelFunctions, ...ownFunctions };
  return {
    helper(number) {
      const known = helpers.get(number);
      if (known !== undefined) return known;
      const name = helperName(number);
      if (name === undefined) throw new MachineError(`helper ${number} is called, which no kernel has`);
      throw new MachineError(`${name} is called, which the machine does not have: give it one as helpers.${name}`);
    },
    hasKernelFunction: (name) => functions[name] !== undefined,
    kernelFunction(name) {
      if (name === undefined) throw new MachineError("a kernel function is called, and nothing says which");
      const call = functions[name];
      if (call !== undefined) return { name, call };
      throw new MachineError(
        `kernel function ${name} is called, which the machine does not have: give it one as kernelFunctions.${name}`,
      );
    },
  };
}

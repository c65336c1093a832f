import type { ProgramType } from "@weir/bytecode";
import { helpers, type MemoryAccess } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { KernelCallee } from "@weir/codegen";

/** What is known of something that programs call of the kernel: a helper, or one of its own functions. */
export interface Callable {
  readonly name: string;
  readonly arguments: readonly { readonly kind: string; readonly access?: MemoryAccess }[];
  readonly since: string;
  readonly gplOnly: boolean;
  readonly allowed: Readonly<Partial<Record<ProgramType, string>>>;
}

/** Helpers by their numbers, functions by their names. */
export const callables: ReadonlyMap<KernelCallee, Callable> = new Map<KernelCallee, Callable>([
  ...helpers.map((helper) => [helper.number, helper] as const),
  ...[...kernelFunctions].map(([name, called]) => [name, { ...called, gplOnly: true }] as const),
]);

import type { Operation } from "./operation.ts";

/** What of the kernel can be called: a helper, by its number, or one of the kernel's own functions, by its name. */
export type KernelCallee = number | string;

/** What of the kernel an operation calls; undefined when it calls nothing of it. */
export function kernelCallee(operation: Operation): KernelCallee | undefined {
  if (operation.kind === "call-helper") return operation.helper;
  return operation.kind === "call-kernel-function" ? operation.name : undefined;
}

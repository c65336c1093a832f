import type { KernelFunction } from "./kernel-function.ts";
import { kernelFunctionTable } from "./table.generated.ts";

/** The functions of the kernel that weir knows, by their names. A kernel has more of them, and may lack some. */
export const kernelFunctions: ReadonlyMap<string, KernelFunction> = new Map(
  kernelFunctionTable.map((one) => [one.name, one]),
);

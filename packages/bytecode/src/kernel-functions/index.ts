/**
 * What is known of the kernel's own functions that programs can call by their names (kfuncs).
 *
 * @module
 */
export { declareKernelFunction } from "./declare.ts";
export { kernelFunctions } from "./find.ts";
export type { KernelFunction, KernelFunctionArgument, KernelFunctionResult } from "./kernel-function.ts";

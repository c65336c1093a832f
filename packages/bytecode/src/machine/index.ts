/**
 * An interpreter of eBPF programs, for tests and comparisons.
 *
 * @module
 */
export type { Helper, HelperCall } from "./helper-calls.ts";
export { Machine, type MachineOptions, type Outcome } from "./machine.ts";
export { MachineError } from "./machine-error.ts";
export { MachineMap } from "./machine-map.ts";
export { Memory } from "./memory.ts";
export type { Input } from "./run.ts";

import { setFlagsFromString } from "node:v8";

/**
 * Has V8 optimize only what runs very often, for a process that compiles once, a program or rules: it hardly gets to use what V8 makes better meanwhile on
 * other threads, which takes a quarter of the CPU time.
 */
export function optimizeRarely(): void {
  for (const flag of ["--no-opt", "--invocation-count-for-maglev=4000"]) setFlagsFromString(flag);
}

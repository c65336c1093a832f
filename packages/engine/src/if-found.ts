import { KernelError } from "@weir/kernel";

/** What is asked for; undefined when the kernel has no such thing (any more), which may be so at any time. */
export function ifFound<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof KernelError && error.isNotFound) return undefined;
    throw error;
  }
}

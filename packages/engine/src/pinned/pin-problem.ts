import { KernelError } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { PinProblem } from "../pinned-monitor.ts";
import { pathOutside } from "./bpf-file-system.ts";

/** Does something with one directory. What fails there is told, and does not keep others from being looked at. */
export function problemWith(directory: string, act: () => void): PinProblem | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const isKnown = error instanceof KernelError || error instanceof EngineError;
    const isOfSystem = error instanceof Error && "syscall" in error;
    if (!isKnown && !isOfSystem) throw error;
    return { directory: pathOutside(directory), reason: error.message };
  }
}

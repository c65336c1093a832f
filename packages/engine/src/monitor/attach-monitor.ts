import { attachXdp, type BpfProgram, KernelError, type XdpAttachment } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";

/**
 * Attaches the monitor's program to the interface with this index.
 *
 * @throws {EngineError} `WEIR_MODE` when the interface cannot do the mode that was asked for
 * @throws {KernelError} `WEIR_BUSY`, `WEIR_PERMISSION`
 */
export function attachMonitor(program: BpfProgram, index: number, mode: Mode): XdpAttachment {
  try {
    return attachXdp({ interface: index, program, mode });
  } catch (error) {
    if (error instanceof KernelError && isAboutMode(error)) {
      throw new EngineError("WEIR_MODE", error.message, { cause: error });
    }
    throw error;
  }
}

/** Drivers refuse with various errors; those that have another reason have a code that says so. */
function isAboutMode({ attempted, code }: KernelError): boolean {
  const attaching = attempted === "BPF_LINK_CREATE" || attempted === "RTM_SETLINK";
  return attaching && (code === "WEIR_NOT_SUPPORTED" || code === "WEIR_KERNEL");
}

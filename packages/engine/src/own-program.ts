import type { BpfProgram, LoadedObject, LoadOptions } from "@weir/kernel";

/**
 * A program of one of weir's own objects, which has it: anything else is a defect.
 *
 * @throws {KernelError} when the kernel refuses it
 */
export function ownProgram(object: LoadedObject, name: string, options?: LoadOptions): BpfProgram {
  const found = object.program(name, options);
  if (found.kind === "loaded") return found.program;
  throw new Error(`the object has no program ${name}; it has ${found.available.join(", ")}`);
}

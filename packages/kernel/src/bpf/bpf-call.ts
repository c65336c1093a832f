import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { nativeCalls } from "../native/current-calls.ts";
import { bpf_cmd } from "../uapi/bpf.generated.ts";
import type { Attributes } from "./attributes.ts";

/** A command of bpf(2), by the kernel's name. */
export type BpfCommand = keyof typeof bpf_cmd;

/** Calls bpf(2); gives its result, or a negative error number. */
export function tryBpf(command: BpfCommand, attributes: Attributes): number {
  return nativeCalls().bpf(bpf_cmd[command], attributes.block.address, attributes.structure.size);
}

/** Calls bpf(2). @throws {KernelError} saying the command, the subject and what to do */
export function bpf(command: BpfCommand, attributes: Attributes, subject: string): number {
  const result = tryBpf(command, attributes);
  if (result < 0) throw systemError(command, subject, -result);
  return result;
}

/** Calls bpf(2) for a command that opens a descriptor. @throws {KernelError} */
export function bpfOpen(command: BpfCommand, attributes: Attributes, subject: string): FileDescriptor {
  return new FileDescriptor(bpf(command, attributes, subject), subject);
}

import { parseBtf } from "@weir/bytecode";
import { readBtf } from "../bpf/btf-by-id.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { bpf_prog_type } from "../uapi/bpf.generated.ts";
import type { BpfProgram } from "./bpf-program.ts";
import { programDetails } from "./program-details.ts";
import { createLink, ProgramLink } from "./program-link.ts";
import type { ProgramPlace } from "./program-place.ts";

/** A function of a program in the kernel whose place another program takes: a global one, or the program itself. */
export interface ExtensionTarget {
  readonly program: BpfProgram;
  /** Its name in the program's types. */
  readonly function: string;
}

/**
 * Puts a program that was loaded with `extends` in the place of a function: from now on, calls of the function run it. Closing the link puts
 * the function back. A program can be in the places of several functions of several programs, where these have the same parameters and
 * result as the one it was loaded for (Linux 5.10).
 *
 * @example
 * ```ts
 * using object = loadObject(monitor);
 * const target = { program, function: "prog0" };
 * const found = object.program("count", { extends: target });
 * if (found.kind === "not found") throw new Error("the object has no such program");
 * using link = attachExtension(found.program, target);
 * ```
 * Since Linux 5.6, on arm64 6.0.
 * @throws {KernelError} `WEIR_NOT_FOUND` when the program has no such function, `WEIR_BUSY` when another program is in its place,
 * `WEIR_PERMISSION` from a kernel that is locked down
 */
export function attachExtension(program: BpfProgram, target: ExtensionTarget): ProgramLink {
  const place = { target_fd: target.program.descriptor.number, attach_type: 0, target_btf_id: functionType(target) };
  return new ProgramLink(createLink(program, place, `function ${target.function} of program "${target.program.name}"`));
}

/** Where such a program runs, in the terms of BPF_PROG_LOAD. @throws {KernelError} `WEIR_NOT_FOUND` */
export function extensionPlace(target: ExtensionTarget): ProgramPlace & { readonly attach_prog_fd: number } {
  return {
    prog_type: bpf_prog_type.BPF_PROG_TYPE_EXT,
    expected_attach_type: 0,
    attach_btf_id: functionType(target),
    attach_prog_fd: target.program.descriptor.number,
  };
}

/** The id of a function in the types of its program. */
function functionType({ program, function: name }: ExtensionTarget): number {
  const { btfId } = programDetails(program);
  const found = btfId === 0 ? undefined : parseBtf(readBtf(btfId)).find("function", name);
  if (found !== undefined) return found.id;
  throw new KernelError({
    code: "WEIR_NOT_FOUND",
    attempted: "look up",
    subject: `function ${name} of program "${program.name}"`,
    errno: 0,
    answer: btfId === 0 ? "the program was loaded without types (BTF)" : "its types have no such function",
    advice: ["Only functions that the program's object describes can be replaced."],
  });
}

import { readFileSync } from "node:fs";
import { type Btf, type BtfType, parseBtf } from "@weir/bytecode";
import { ERRNO } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { typesFolder } from "./types-folder.ts";

let known: { readonly file: string; readonly btf: Btf } | undefined;

function kernelFile(): string {
  return `${typesFolder()}/vmlinux`;
}

/** The running kernel's own types (BTF). Reading them takes 40 ms of CPU, once. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function kernelBtf(): Btf {
  const file = kernelFile();
  if (known?.file === file) return known.btf;
  try {
    known = { file, btf: parseBtf(readFileSync(file)) };
  } catch (cause) {
    throw unknown(
      "read",
      "the kernel does not tell its own types",
      "It needs CONFIG_DEBUG_INFO_BTF, which the kernels of distributions have.",
      { cause },
    );
  }
  return known.btf;
}

/**
 * Where a field lies in a structure of the running kernel; `"ns.inum"` goes into structures inside it.
 *
 * @example
 * ```ts
 * kernelFieldOffset("net_device", "ifindex"); // 176
 * ```
 * Since Linux 5.4, built with CONFIG_DEBUG_INFO_BTF.
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel has no types to ask for, or no such field
 */
export function kernelFieldOffset(structure: string, path: string): number {
  const btf = kernelBtf();
  let offset = 0;
  let type: BtfType | undefined = btf.find("struct", structure)?.type;
  for (const name of path.split(".")) {
    const field = type && memberOf(btf, type, name);
    if (field === undefined) throw missing(`struct ${structure} has no field ${path}`);
    offset += field.offset;
    type = btf.bare(field.type).type;
  }
  return offset;
}

/** The id of a type by which a program attaches to a tracepoint. @throws {KernelError} `WEIR_NOT_FOUND` */
export function tracepointTypeId(tracepoint: string, program: () => string): number {
  const found = kernelBtf().find("typedef", `btf_trace_${tracepoint}`);
  if (found !== undefined) return found.id;
  throw notFound(
    program(),
    `this kernel has no tracepoint ${tracepoint}`,
    "Those it has for typed programs: bpftool btf dump file /sys/kernel/btf/vmlinux | grep -o 'btf_trace_[a-z0-9_]*', without `btf_trace_`.",
  );
}

/** The id of a type by which a program iterates over things of the kernel. @throws {KernelError} `WEIR_NOT_FOUND` */
export function iteratorTypeId(things: string, program: () => string): number {
  const found = kernelBtf().find("function", `bpf_iter_${things}`);
  if (found !== undefined) return found.id;
  throw notFound(
    program(),
    `this kernel has no iterator over ${things}`,
    "bpftool btf dump says which it has: its functions that begin with `bpf_iter_`.",
  );
}

function notFound(subject: string, answer: string, advice: string): KernelError {
  return new KernelError({
    code: "WEIR_NOT_FOUND",
    attempted: "BPF_PROG_LOAD",
    subject,
    errno: ERRNO.ENOENT,
    answer,
    advice: [advice],
  });
}

/** Bytes into a type, members of its anonymous parts being its own. */
function memberOf(btf: Btf, type: BtfType, name: string): { offset: number; type: number } | undefined {
  if (type.kind !== "struct" && type.kind !== "union") return undefined;
  for (const member of type.members) {
    const offset = member.bitOffset / 8;
    if (member.name === name) return { offset, type: member.type };
    if (member.name !== "") continue;
    const inner = memberOf(btf, btf.bare(member.type).type, name);
    if (inner !== undefined) return { offset: offset + inner.offset, type: inner.type };
  }
  return undefined;
}

function missing(answer: string): KernelError {
  return unknown("look up", answer, "This kernel's structures are other than those weir knows.");
}

function unknown(attempted: string, answer: string, advice: string, options?: ErrorOptions): KernelError {
  const subject = kernelFile();
  const parts = { code: "WEIR_NOT_SUPPORTED", attempted, subject, errno: 0, answer, advice: [advice] } as const;
  return new KernelError(parts, options);
}

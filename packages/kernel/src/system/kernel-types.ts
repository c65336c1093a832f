import { readFileSync } from "node:fs";
import { release } from "node:os";
import { type Btf, type BtfType, essentialName, parseBtf, typesAreCompatible } from "@weir/bytecode";
import { KernelError } from "../errors/kernel-error.ts";

const FILE = "/sys/kernel/btf/vmlinux";

let known: Btf | undefined;

/** The running kernel's own types (BTF). Reading them takes 40 ms of CPU, once. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function kernelBtf(): Btf {
  if (known !== undefined) return known;
  try {
    known = parseBtf(readFileSync(FILE));
  } catch (cause) {
    throw unknown(
      "read",
      "the kernel does not tell its own types",
      "It needs CONFIG_DEBUG_INFO_BTF, which the kernels of distributions have.",
      { cause },
    );
  }
  return known;
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

/** The id of a type by which a program attaches to a tracepoint. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function tracepointTypeId(tracepoint: string): number {
  const found = kernelBtf().find("typedef", `btf_trace_${tracepoint}`);
  if (found === undefined) throw missing(`there is no tracepoint ${tracepoint}`);
  return found.id;
}

/** The id of a type by which a program iterates over things of the kernel. @throws {KernelError} `WEIR_NOT_SUPPORTED` */
export function iteratorTypeId(things: string): number {
  const found = kernelBtf().find("function", `bpf_iter_${things}`);
  if (found === undefined) throw missing(`there is no iterator over ${things}`);
  return found.id;
}

/**
 * The number of one of the kernel's functions, as an object declares it; undefined when it may be missing and is.
 *
 * @param objectBtf the object's types, with the function as an `extern` one
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when it is missing, or takes other parameters than declared
 */
export function kernelFunctionId(name: string, objectBtf: Btf, isOptional: boolean): number | undefined {
  const btf = kernelBtf();
  const found = btf.find("function", essentialName(name));
  const declared = objectBtf.find("function", name);
  const agree =
    found !== undefined &&
    declared !== undefined &&
    typesAreCompatible({ btf: objectBtf, id: declared.type.type }, { btf, id: found.type.type });
  if (agree) return found.id;
  if (isOptional) return undefined;
  if (found !== undefined) {
    throw unknown(
      "look up",
      `function ${name} has other parameters or another result than the program declares`,
      "It changes between kernels: declare it as this one has it.",
    );
  }
  throw unknown(
    "look up",
    `Linux ${release()} has no function ${name} that programs can call`,
    "Other kernels have it, or have it built in: what is in modules is not looked for. Declared weak it may be missing, and the program can ask whether it is there.",
  );
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
  const parts = { code: "WEIR_NOT_SUPPORTED", attempted, subject: FILE, errno: 0, answer, advice: [advice] } as const;
  return new KernelError(parts, options);
}

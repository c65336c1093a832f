import { ObjectError } from "../object-error.ts";
import type { Btf } from "./btf.ts";
import { BtfBuilder } from "./builder.ts";
import type { BtfType } from "./type.ts";

/** What an object file's symbols say of its functions and variables. */
export interface Placement {
  /** A section's size and where its variables are; undefined for a section that the object does not have. */
  section(name: string): { size: number; offsetOf(variable: string): number | undefined } | undefined;
  /** Whether a global function or variable is one for this object alone. */
  isHidden(name: string): boolean;
}

/**
 * The BTF section with what compilers leave to a linker: sizes and offsets in its descriptions of ELF sections, where clang has
 * zeros, which the kernel refuses; and `static` for what is hidden, which lets the verifier follow calls of it.
 */
export function placeSections(bytes: Uint8Array, btf: Btf, placement: Placement): Uint8Array {
  let builder: BtfBuilder | undefined;
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    const placed = type.kind === "section" ? placedSection(type, btf, placement) : madeStatic(type, placement);
    if (placed === undefined) continue;
    builder ??= new BtfBuilder(bytes);
    builder.add(placed, id);
  }
  return builder?.build() ?? Uint8Array.from(bytes);
}

function placedSection(type: BtfType & { kind: "section" }, btf: Btf, placement: Placement): BtfType | undefined {
  if (type.size !== 0 || holdsExterns(btf, type)) return undefined;
  const place = placement.section(type.name);
  if (place === undefined)
    throw new ObjectError(`BTF describes section "${type.name}", which the object does not have`);
  const variables = type.variables.map((variable) => {
    const described = btf.type(variable.type);
    if (described.kind !== "variable") {
      throw new ObjectError(`BTF describes type ${variable.type} in section "${type.name}", which is no variable`);
    }
    const offset = place.offsetOf(described.name);
    if (offset !== undefined) return { ...variable, offset };
    // Of these clang writes the offset itself.
    if (described.linkage === "static") return variable;
    throw new ObjectError(`section "${type.name}" has no variable "${described.name}", which BTF describes`);
  });
  // The kernel wants them in the order of their offsets.
  variables.sort((left, right) => left.offset - right.offset);
  return { ...type, size: place.size, variables };
}

/** Whether a section is one of things that the object does not define: functions of the kernel, for instance. */
export function holdsExterns(btf: Btf, { variables }: BtfType & { kind: "section" }): boolean {
  return variables.some((variable) => isExtern(btf.type(variable.type)));
}

export function isExtern(type: BtfType): type is BtfType & { kind: "function" | "variable" } {
  return (type.kind === "function" || type.kind === "variable") && type.linkage === "extern";
}

function madeStatic(type: BtfType, placement: Placement): BtfType | undefined {
  if (type.kind !== "function" && type.kind !== "variable") return undefined;
  return type.linkage === "global" && placement.isHidden(type.name) ? { ...type, linkage: "static" } : undefined;
}

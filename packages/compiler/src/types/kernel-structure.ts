import type { BooleanType, KernelStructureType, ScalarType } from "./kernel-type.ts";

/** A structure or union of the kernel, of which a program knows some members by their names. */
export interface KernelStructure {
  /** As the kernel has it; empty for one without a name. */
  readonly name: string;
  readonly form: "struct" | "union";
  /** Undefined when it is not said to have such a member. */
  member(name: string): KernelMember | undefined;
}

/** One of the names that an enumeration of the kernel has for numbers. */
export interface KernelEnumerator {
  readonly form: "enumerator";
  readonly enumeration: string;
  readonly name: string;
}

const unknown = new Map<string, KernelStructure>();

/** A structure of which nothing but the name is known: a variable's type may say more. */
export function structureNamed(name: string): KernelStructure {
  const known = unknown.get(name) ?? { name, form: "struct", member: () => undefined };
  unknown.set(name, known);
  return known;
}

export interface KernelMember {
  readonly type: KernelMemberType;
  /** A pointer to what the type says. */
  readonly pointer: boolean;
  /** Takes some bits of its type only. */
  readonly bitField: boolean;
}

export interface KernelArrayType {
  readonly kind: "kernel-array";
  readonly element: KernelMember;
  readonly length: number;
}

export type KernelMemberType = ScalarType | BooleanType | KernelStructureType | KernelArrayType;

/** Whether a member is read as a whole into a register. */
export const isRegister = ({ type, pointer }: KernelMember): boolean =>
  pointer || (type.kind !== "kernel" && type.kind !== "kernel-array");

/** Bits of a member that is read into a register. */
export function memberBits({ type, pointer }: KernelMember): 8 | 16 | 32 | 64 {
  if (pointer) return 64;
  if (type.kind === "boolean") return 8;
  if (type.kind === "integer" || type.kind === "network") return type.bits;
  throw new Error(`a ${type.kind} does not fit into a register`);
}

import type { ArrayLayout, BytesLayout, Layout, StructLayout } from "@weir/bytecode/layout";
import { type IntegerType, type NetworkType, scalarTypes } from "./scalar.ts";

export type ScalarType = IntegerType | NetworkType;

/** A reference to a record in the packet, in a map, or made by the program. */
export interface RecordType {
  readonly kind: "record";
  readonly layout: StructLayout;
  readonly nullable: boolean;
}

/** A reference to an array or a run of bytes inside a record. */
export interface ArrayType {
  readonly kind: "array";
  readonly layout: ArrayLayout | BytesLayout;
}

export interface BooleanType {
  readonly kind: "boolean";
}

export interface VoidType {
  readonly kind: "void";
}

/** The packet that the program runs for. */
export interface PacketType {
  readonly kind: "packet";
}

/** What can lie in memory. */
export type MemoryType = ScalarType | BooleanType | RecordType | ArrayType;

/** What an expression of the kernel language can be. */
export type KernelType = ScalarType | BooleanType | RecordType | ArrayType | PacketType | VoidType;

export const booleanType: BooleanType = Object.freeze({ kind: "boolean" });
export const voidType: VoidType = Object.freeze({ kind: "void" });
export const packetType: PacketType = Object.freeze({ kind: "packet" });

export const recordType = (layout: StructLayout, nullable = false): RecordType =>
  Object.freeze({ kind: "record", layout, nullable });

/** The type of what a layout describes. */
export function typeOfLayout(layout: Layout): MemoryType {
  if (layout.kind === "scalar") return layout.name === "bool" ? booleanType : scalarTypes[layout.name];
  if (layout.kind === "struct") return recordType(layout);
  return Object.freeze({ kind: "array", layout });
}

export const isScalar = (type: KernelType): type is ScalarType => type.kind === "integer" || type.kind === "network";

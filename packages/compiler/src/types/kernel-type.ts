import type { ArrayLayout, BytesLayout, Layout, StructLayout } from "@weir/bytecode/layout";
import type { MapDeclaration } from "../constants/constant.ts";
import { type KernelArrayType, type KernelStructure, structureNamed } from "./kernel-structure.ts";
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

/** What a program can be given that has fields of its own: an XDP packet, a socket buffer, a socket. */
export type ContextKind = "packet" | "buffer" | "socket";

export interface ContextType {
  readonly kind: ContextKind;
}

/** A pointer to a structure of the kernel, or one that is part of another. */
export interface KernelStructureType {
  readonly kind: "kernel";
  readonly structure: KernelStructure;
  readonly nullable: boolean;
}

/** A map that was found in a map of maps. */
export interface MapReferenceType {
  readonly kind: "map";
  readonly map: MapDeclaration;
  readonly nullable: boolean;
}

/** What can lie in memory. */
export type MemoryType = ScalarType | BooleanType | RecordType | ArrayType;

/** What an expression of the kernel language can be. */
export type KernelType =
  | ScalarType
  | BooleanType
  | RecordType
  | ArrayType
  | ContextType
  | KernelStructureType
  | KernelArrayType
  | MapReferenceType
  | VoidType;

export const booleanType: BooleanType = Object.freeze({ kind: "boolean" });
export const voidType: VoidType = Object.freeze({ kind: "void" });
export const contextTypes: Readonly<Record<ContextKind, ContextType>> = {
  packet: Object.freeze({ kind: "packet" }),
  buffer: Object.freeze({ kind: "buffer" }),
  socket: Object.freeze({ kind: "socket" }),
};

export const isContext = (type: KernelType): type is ContextType =>
  type.kind === "packet" || type.kind === "buffer" || type.kind === "socket";

export const recordType = (layout: StructLayout, nullable = false): RecordType =>
  Object.freeze({ kind: "record", layout, nullable });

export const mapType = (map: MapDeclaration, nullable = false): MapReferenceType =>
  Object.freeze({ kind: "map", map, nullable });

export const kernelType = (structure: KernelStructure, nullable = false): KernelStructureType =>
  Object.freeze({ kind: "kernel", structure, nullable });

/** The socket that a packet or an operation may belong to. */
export const socketType = kernelType(structureNamed("bpf_sock"), true);

/** The type of what a layout describes. */
export function typeOfLayout(layout: Layout): MemoryType {
  if (layout.kind === "scalar") return layout.name === "bool" ? booleanType : scalarTypes[layout.name];
  if (layout.kind === "struct") return recordType(layout);
  return Object.freeze({ kind: "array", layout });
}

export const isScalar = (type: KernelType): type is ScalarType => type.kind === "integer" || type.kind === "network";

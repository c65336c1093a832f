import type { Value, Variable } from "@weir/codegen";
import type { ScalarType } from "../types/kernel-type.ts";

/** Where a record or an array is. */
export type RecordPlace = MemoryPlace | FieldsPlace;

export interface MemoryPlace {
  readonly kind: "memory";
  readonly address: Value;
  /** Bytes behind the address. */
  readonly offset: number;
  /**
   * On the stack, and in what the kernel gives a program, where the verifier takes only aligned accesses: the address is a multiple of so many bytes.
   * Elsewhere undefined.
   */
  readonly alignment?: number | undefined;
  /** In the packet, where a computed address has to be compared with the packet's end again. */
  readonly inPacket?: boolean;
  /** In what the kernel gives the program, of which helpers take no address. */
  readonly inContext?: true;
}

/** A record that the program made: a variable for each scalar, no memory. */
export interface FieldsPlace {
  readonly kind: "fields";
  readonly fields: FieldVariables;
  /** Bytes from the start of the whole record. */
  readonly offset: number;
}

/** By the offset of the scalar in the whole record. */
export type FieldVariables = ReadonlyMap<number, { readonly variable: Variable; readonly type: ScalarType }>;

/** A part of a record or array. */
export const inside = <Place extends RecordPlace>(place: Place, offset: number): Place =>
  offset === 0 ? place : { ...place, offset: place.offset + offset };

/** The same memory from a computed number of bytes on; `unit`: what that number is a multiple of. */
export function shifted(place: MemoryPlace, address: Value, unit: number): MemoryPlace {
  if (place.alignment === undefined) return { ...place, address };
  // The lowest bit that is set in either.
  const both = place.alignment | unit;
  return { ...place, address, alignment: both & -both };
}

export const isOnStack = (place: RecordPlace): place is MemoryPlace =>
  place.kind === "memory" && place.alignment !== undefined;

/** What the address of a whole place on the stack is a multiple of: what lies behind an aligned address is less aligned, by the lowest bit of how far. */
export function alignmentOf(place: RecordPlace): number | undefined {
  if (place.kind !== "memory" || place.alignment === undefined) return undefined;
  const { alignment, offset } = place;
  return offset === 0 ? alignment : Math.min(alignment, offset & -offset);
}

/** A record of which only the address is known. */
export const at = (address: Value): MemoryPlace => ({ kind: "memory", address, offset: 0 });

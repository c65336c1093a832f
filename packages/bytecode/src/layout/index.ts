/**
 * Record layouts: one definition that kernel programs compile with and that user space decodes with.
 *
 * @module
 */
export { decode } from "./decode.ts";
export type { Decoded } from "./decoded.ts";
export { encode } from "./encode.ts";
export { spinLock, timer } from "./kernel-structure.ts";
export type {
  ArrayLayout,
  BytesLayout,
  Elements,
  KernelLayout,
  Layout,
  LayoutField,
  LayoutMembers,
  New,
  ScalarLayout,
  ScalarName,
  StructLayout,
  Value,
} from "./language.ts";
export { be16, be32, be64, bool, i8, i16, i32, i64, u8, u16, u32, u64, type WideLayout } from "./scalar.ts";
export { array, bytes } from "./sequence.ts";
export { packed, struct } from "./struct.ts";
export { isKernelOwned, visibleFields } from "./visible-fields.ts";

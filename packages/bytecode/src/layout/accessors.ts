import type { ScalarName } from "./language.ts";

interface Accessor {
  /** `DataView`'s methods are `get…` and `set…` of this. */
  readonly method: "Uint8" | "Uint16" | "Uint32" | "BigUint64" | "Int8" | "Int16" | "Int32" | "BigInt64";
  readonly littleEndian: boolean;
}

/** How `DataView` reads and writes each scalar. */
export const accessors: Readonly<Record<ScalarName, Accessor>> = {
  u8: { method: "Uint8", littleEndian: true },
  u16: { method: "Uint16", littleEndian: true },
  u32: { method: "Uint32", littleEndian: true },
  u64: { method: "BigUint64", littleEndian: true },
  i8: { method: "Int8", littleEndian: true },
  i16: { method: "Int16", littleEndian: true },
  i32: { method: "Int32", littleEndian: true },
  i64: { method: "BigInt64", littleEndian: true },
  be16: { method: "Uint16", littleEndian: false },
  be32: { method: "Uint32", littleEndian: false },
  bool: { method: "Uint8", littleEndian: true },
  be64: { method: "BigUint64", littleEndian: false },
};

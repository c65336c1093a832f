import type * as language from "./language.ts";

type ScalarLayout<Name extends language.ScalarName> = language.ScalarLayout<Name>;

// As types they say what a kernel program sees; as values they say how a number lies in memory.
export type u8 = language.u8;
export type u16 = language.u16;
export type u32 = language.u32;
export type u64 = language.u64;
export type i8 = language.i8;
export type i16 = language.i16;
export type i32 = language.i32;
export type i64 = language.i64;
export type be16 = language.be16;
export type be32 = language.be32;
export type be64 = language.be64;

/** A 64-bit integer's layout; decoded values are bigints, and so are constants. */
export interface WideLayout<Name extends "u64" | "i64" | "be64"> extends ScalarLayout<Name> {
  /** The constant, so that kernel programs and user space can share it: a bigint here, a 64-bit immediate there. */
  of(value: bigint): bigint;
}

function scalar<Name extends language.ScalarName>(name: Name, size: number): ScalarLayout<Name> {
  return Object.freeze({ kind: "scalar", name, size, alignment: size });
}

function wide<Name extends "u64" | "i64" | "be64">(name: Name): WideLayout<Name> {
  const wrap = name === "i64" ? BigInt.asIntN : BigInt.asUintN;
  const of = (value: bigint): bigint => {
    if (wrap(64, value) !== value) throw new RangeError(`${value} does not fit into ${name}`);
    return value;
  };
  return Object.freeze({ ...scalar(name, 8), of });
}

/** 1 byte, 0 to 255. */
export const u8: ScalarLayout<"u8"> = scalar("u8", 1);
/** 2 bytes, little-endian. */
export const u16: ScalarLayout<"u16"> = scalar("u16", 2);
/** 4 bytes, little-endian. */
export const u32: ScalarLayout<"u32"> = scalar("u32", 4);
/** 8 bytes, little-endian; a bigint when decoded. */
export const u64: WideLayout<"u64"> = wide("u64");
/** 1 byte with a sign. */
export const i8: ScalarLayout<"i8"> = scalar("i8", 1);
/** 2 bytes with a sign. */
export const i16: ScalarLayout<"i16"> = scalar("i16", 2);
/** 4 bytes with a sign. */
export const i32: ScalarLayout<"i32"> = scalar("i32", 4);
/** 8 bytes with a sign; a bigint when decoded. */
export const i64: WideLayout<"i64"> = wide("i64");
/** 2 bytes in network byte order, such as a port. */
export const be16: ScalarLayout<"be16"> = scalar("be16", 2);
/** 4 bytes in network byte order, such as an IPv4 address. */
export const be32: ScalarLayout<"be32"> = scalar("be32", 4);
/** 8 bytes in network byte order; a bigint when decoded. */
export const be64: WideLayout<"be64"> = wide("be64");
/** 1 byte, true when it is not 0; a boolean when decoded. */
export const bool: ScalarLayout<"bool"> = scalar("bool", 1);

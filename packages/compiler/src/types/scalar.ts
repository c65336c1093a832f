import type { ScalarName } from "@weir/bytecode/layout";

/** The names of integers among the scalars. */
export type IntegerName = Exclude<ScalarName, "bool">;

export type Bits = 8 | 16 | 32 | 64;

/** An integer to compute with. There is one object for each, so types compare by identity. */
export interface IntegerType {
  readonly kind: "integer";
  readonly name: IntegerName;
  readonly bits: Bits;
  readonly signed: boolean;
}

/** An integer in network byte order, as the packet holds it: to compare, to mask, to store, not to compute with. */
export interface NetworkType {
  readonly kind: "network";
  readonly name: IntegerName;
  readonly bits: 16 | 32 | 64;
  readonly signed: false;
}

const integer = (name: IntegerName, bits: Bits, signed: boolean): IntegerType =>
  Object.freeze({ kind: "integer", name, bits, signed });
const network = (name: IntegerName, bits: 16 | 32 | 64): NetworkType =>
  Object.freeze({ kind: "network", name, bits, signed: false });

export const u8 = integer("u8", 8, false);
export const u16 = integer("u16", 16, false);
export const u32 = integer("u32", 32, false);
export const u64 = integer("u64", 64, false);
export const i8 = integer("i8", 8, true);
export const i16 = integer("i16", 16, true);
export const i32 = integer("i32", 32, true);
export const i64 = integer("i64", 64, true);
export const be16 = network("be16", 16);
export const be32 = network("be32", 32);
export const be64 = network("be64", 64);

export const scalarTypes: Readonly<Record<IntegerName, IntegerType | NetworkType>> = {
  u8,
  u16,
  u32,
  u64,
  i8,
  i16,
  i32,
  i64,
  be16,
  be32,
  be64,
};

/** The integer of a width and signedness. */
export function integerType(bits: Bits, signed: boolean): IntegerType {
  const [unsigned, negative] = { 8: [u8, i8], 16: [u16, i16], 32: [u32, i32], 64: [u64, i64] }[bits] as [
    // The table has two for each width.
    IntegerType,
    IntegerType,
  ];
  return signed ? negative : unsigned;
}

export const minimum = ({ bits, signed }: IntegerType | NetworkType): bigint =>
  signed ? -(1n << BigInt(bits - 1)) : 0n;

export const maximum = ({ bits, signed }: IntegerType | NetworkType): bigint =>
  (1n << BigInt(signed ? bits - 1 : bits)) - 1n;

export const holds = (type: IntegerType | NetworkType, value: bigint): boolean =>
  value >= minimum(type) && value <= maximum(type);

/** What of a value is kept when it is stored in a type. */
export const wrap = ({ bits, signed }: IntegerType | NetworkType, value: bigint): bigint =>
  signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);

/** The integer for literals that nothing gives a type: 32 bits where they suffice for all of them. */
export function literalType(...values: readonly bigint[]): IntegerType | undefined {
  return [u32, i32, u64, i64].find((type) => values.every((value) => holds(type, value)));
}

import type { BtfType } from "@weir/bytecode";
import fc from "fast-check";

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/);
const type = fc.nat(5);
const size = fc.constantFrom(1, 2, 4, 8, 16);
const linkage = fc.constantFrom("static", "global", "extern");
const signedValue = (bits: number) => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n });
const values = (value: fc.Arbitrary<bigint>) => fc.array(fc.record({ name, value }), { minLength: 1, maxLength: 4 });
const kind = <Kind extends string>(...kinds: Kind[]) => fc.constantFrom(...kinds);

/** Any type that BTF can hold, with references to types of small ids. */
export const anyBtfType: fc.Arbitrary<BtfType> = fc.oneof(
  fc.record({ kind: kind("int"), name, size, encoding: fc.constantFrom("unsigned", "signed", "char", "bool") }),
  fc.record({ kind: kind("int"), name, size, encoding: fc.constantFrom("signed"), bits: fc.constantFrom(3, 7) }),
  fc.record({ kind: kind("pointer", "volatile", "const", "restrict"), type }),
  fc.record({ kind: kind("typedef", "type-tag"), name, type }),
  fc.record({ kind: kind("array"), type, indexType: type, length: fc.nat(100) }),
  fc.record({
    kind: kind("struct", "union"),
    name,
    size,
    members: fc.array(fc.record({ name, type, bitOffset: fc.nat(0xff_ffff) }), { maxLength: 4 }),
  }),
  fc.record({
    kind: kind("struct"),
    name,
    size,
    members: fc.array(fc.record({ name, type, bitOffset: fc.nat(1000), bitSize: fc.integer({ min: 1, max: 60 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({ kind: kind("enum"), name, size, signed: fc.constant(true), values: values(signedValue(32)) }),
  fc.record({
    kind: kind("enum"),
    name,
    size,
    signed: fc.constant(false),
    values: values(fc.bigInt(0n, 2n ** 32n - 1n)),
  }),
  fc.record({ kind: kind("enum64"), name, size, signed: fc.constant(true), values: values(signedValue(64)) }),
  fc.record({
    kind: kind("enum64"),
    name,
    size,
    signed: fc.constant(false),
    values: values(fc.bigInt(0n, 2n ** 64n - 1n)),
  }),
  fc.record({ kind: kind("forward"), name, of: fc.constantFrom("struct", "union") }),
  fc.record({ kind: kind("function"), name, type, linkage }),
  fc.record({
    kind: kind("function-prototype"),
    type,
    parameters: fc.array(fc.record({ name, type }), { maxLength: 5 }),
  }),
  fc.record({ kind: kind("variable"), name, type, linkage }),
  fc.record({
    kind: kind("section"),
    name,
    size,
    variables: fc.array(fc.record({ type, offset: fc.nat(100), size }), { maxLength: 3 }),
  }),
  fc.record({ kind: kind("float"), name, size }),
  fc.record({ kind: kind("declaration-tag"), name, type, component: fc.integer({ min: -1, max: 3 }) }),
);

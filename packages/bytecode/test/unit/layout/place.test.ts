import { array, be16, be32, bytes, packed, struct, u8, u16, u32, u64 } from "@weir/bytecode/layout";
import { describe, expect, test } from "vitest";

describe("struct", () => {
  test("places each field at a multiple of its alignment and pads the end", () => {
    const record = struct({ a: u8, b: be32, c: u8, d: u64, e: be16 });

    expect(record.fields.map(({ name, offset }) => [name, offset])).toEqual([
      ["a", 0],
      ["b", 4],
      ["c", 8],
      ["d", 16],
      ["e", 24],
    ]);
    expect(record).toMatchObject({ size: 32, alignment: 8 });
  });

  test("takes the alignment of nested records and arrays from their elements", () => {
    const inner = struct({ a: u8, b: u16 });

    expect(struct({ x: u8, inner, list: array(u32, 3), mac: bytes(6) })).toMatchObject({ size: 28, alignment: 4 });
  });

  test("refuses names that no kernel type may have", () => {
    expect(() => struct({ "a-b": u8 })).toThrow(/"a-b" cannot be the name of a field/);
    expect(() => struct({ ["__proto__"]: u8 })).toThrow(/__proto__/);
    expect(() => struct({})).toThrow(/at least one field/);
  });
});

test("packed leaves no room between fields", () => {
  const record = packed({ a: u8, b: u64, c: be16 });

  expect(record.fields.map(({ offset }) => offset)).toEqual([0, 1, 9]);
  expect(record).toMatchObject({ size: 11, alignment: 1 });
});

test("array and bytes need a length", () => {
  expect(() => array(u8, 0)).toThrow(/from 1/);
  expect(() => bytes(1.5)).toThrow(/from 1/);
});

test("a 64-bit constant is a bigint that fits", () => {
  expect(u64.of(0x9e37_79b9_7f4a_7c15n)).toBe(0x9e37_79b9_7f4a_7c15n);
  expect(() => u64.of(-1n)).toThrow(/-1 does not fit into u64/);
});

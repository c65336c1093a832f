import {
  array,
  be16,
  be32,
  be64,
  bytes,
  type Decoded,
  decode,
  encode,
  i8,
  i16,
  i32,
  i64,
  struct,
  u8,
  u16,
  u32,
  u64,
} from "@weir/bytecode/layout";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";

const Everything = struct({
  a: u8,
  b: u16,
  c: u32,
  d: u64,
  e: i8,
  f: i16,
  g: i32,
  h: i64,
  port: be16,
  address: be32,
  high: be64,
  mac: bytes(6),
  inner: struct({ list: array(struct({ x: u16, y: u8 }), 3) }),
  grid: array(array(struct({ cells: array(u16, 2), last: u8 }), 2), 3),
});

const integer = (bits: number): fc.Arbitrary<number> => fc.nat(2 ** bits - 1);
const signedInteger = (bits: number): fc.Arbitrary<number> =>
  fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const listOf = <T>(length: number, element: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(element, { minLength: length, maxLength: length });
const wide = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const everything: fc.Arbitrary<Decoded<typeof Everything>> = fc.record({
  a: integer(8),
  b: integer(16),
  c: integer(32),
  d: wide,
  e: signedInteger(8),
  f: signedInteger(16),
  g: signedInteger(32),
  h: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  port: integer(16),
  address: integer(32),
  high: wide,
  mac: fc.uint8Array({ minLength: 6, maxLength: 6 }),
  inner: fc.record({
    list: listOf(3, fc.record({ x: integer(16), y: integer(8) })),
  }),
  grid: listOf(3, listOf(2, fc.record({ cells: listOf(2, integer(16)), last: integer(8) }))),
});

describe("decode and encode", () => {
  test("give back every value, wherever it lies", () => {
    fc.assert(
      fc.property(everything, fc.nat(9), (value, offset) => {
        const view = new DataView(new ArrayBuffer(Everything.size + offset + 3), 3);
        encode(Everything, value, view, offset);
        expect(decode(Everything, view, offset)).toEqual(value);
      }),
    );
  });

  test("keep to the byte order of each field", () => {
    const layout = struct({ host: u16, network: be16, wide: be64 });
    const view = new DataView(new ArrayBuffer(layout.size));
    encode(layout, { host: 0x0102, network: 0x0102, wide: 1n }, view);

    expect([...new Uint8Array(view.buffer)]).toEqual([2, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test("copy runs of bytes and zero the padding", () => {
    const layout = struct({ mac: bytes(2), count: u32 });
    const view = new DataView(new Uint8Array(8).fill(0xff).buffer);
    encode(layout, { mac: Uint8Array.of(1, 2), count: 3 }, view);
    const before = decode(layout, view);
    view.setUint8(0, 9);

    expect([...new Uint8Array(view.buffer)]).toEqual([9, 2, 0, 0, 3, 0, 0, 0]);
    expect(before.mac).toEqual(Uint8Array.of(1, 2));
  });

  test("refuse what does not fit, and say where", () => {
    const layout = struct({ outer: struct({ port: be16 }), wide: u64, list: array(u8, 2), mac: bytes(2) });
    const view = new DataView(new ArrayBuffer(layout.size));
    const good: Decoded<typeof layout> = { outer: { port: 1 }, wide: 1n, list: [1, 2], mac: new Uint8Array(2) };

    expect(() => encode(layout, { ...good, outer: { port: 65_536 } }, view)).toThrow(
      /value\.outer\.port = 65536 does not fit/,
    );
    expect(() => encode(layout, { ...good, outer: { port: 1.5 } }, view)).toThrow(/whole number/);
    expect(() => encode(layout, { ...good, wide: -1n }, view)).toThrow(/does not fit into u64/);
    expect(() => encode(layout, { ...good, list: [1] }, view)).toThrow(/value\.list must be an array of 2/);
    expect(() => encode(layout, { ...good, mac: new Uint8Array(3) }, view)).toThrow(/2 bytes/);
    expect(() => decode(layout, new DataView(new ArrayBuffer(3)))).toThrow(RangeError);
  });

  test("have the types of the layout", () => {
    const layout = struct({ port: be16, packets: u64, list: array(i32, 2), mac: bytes(6) });

    expectTypeOf<Decoded<typeof layout>>().toEqualTypeOf<{
      port: number;
      packets: bigint;
      list: number[];
      mac: Uint8Array;
    }>();
  });
});

import { expect, test } from "vitest";
import {
  bits,
  bytes,
  choice,
  flag,
  hardwareAddress,
  list,
  repeated,
  s32,
  text,
  u8,
  u16,
  u32,
  u64,
} from "../../../src/netlink/attribute-kinds.ts";
import { attributeAt, attributeTable, decode, encode, nested } from "../../../src/netlink/attribute-table.ts";
import { decodeAttributes, encodeAttributes } from "../../../src/netlink/attributes.ts";

const NESTED = 0x8000;
const NUMBERS = { A_NAME: 1, A_INNER: 2, A_SMALL: 3, A_MANY: 4, A_LIST: 5, A_BITS: 6, A_FLAG: 7, A_CHOICE: 8 } as const;
const INNER = attributeTable({ I_SIGNED: 1, I_WIDE: 2, I_BYTES: 3, I_ADDRESS: 4, I_SHORT: 5 } as const, {
  signed: ["I_SIGNED", s32],
  wide: ["I_WIDE", u64],
  bytes: ["I_BYTES", bytes],
  address: ["I_ADDRESS", hardwareAddress],
  short: ["I_SHORT", u16],
});
const TABLE = attributeTable(NUMBERS, {
  name: ["A_NAME", text],
  inner: ["A_INNER", INNER],
  small: ["A_SMALL", u8],
  many: ["A_MANY", repeated(u32)],
  list: ["A_LIST", list(nested(INNER))],
  bits: ["A_BITS", bits({ low: 1, high: 0x8000_0000 })],
  flag: ["A_FLAG", flag],
  choice: ["A_CHOICE", choice({ none: 0, some: 3 })],
});
const u32Bytes = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);

test("attributes are padded to 4 bytes, and their length is without the padding", () => {
  expect([...encode(TABLE, { name: "lo", many: [0x01020304] }).bytes]).toEqual([
    ...[7, 0, 1, 0, 0x6c, 0x6f, 0, 0],
    ...[8, 0, 4, 0, 4, 3, 2, 1],
  ]);
});

test("what is encoded decodes, of every kind", () => {
  const values = {
    name: "über",
    inner: {
      signed: -1,
      wide: 2 ** 52 + 1,
      bytes: Uint8Array.of(1, 2, 3),
      address: "02:00:00:00:00:0a",
      short: 0xfffe,
    },
    small: 255,
    many: [1, 0xffff_ffff, 3],
    bits: new Set(["high"] as const),
    flag: true,
    choice: "some",
  } as const;
  const encoded = encode(TABLE, values);
  expect(decode(TABLE, encoded.bytes)).toEqual(values);
  expect(new DataView(encoded.bytes.buffer).getUint16(14, true)).toBe(2 | NESTED);
});

test("a list has its values in order, whatever they are numbered", () => {
  const item = (type: number, signed: number) => ({ type, payload: encode(INNER, { signed }).bytes, nested: true });
  const attribute = { type: NUMBERS.A_LIST, payload: encodeAttributes([item(9, 5), item(1, -6)]) };
  expect(decode(TABLE, encodeAttributes([attribute])).list).toEqual([{ signed: 5 }, { signed: -6 }]);
  expect(() => encode(TABLE, { list: [] })).toThrow("received, not sent");
});

test("numbers are read in every size that the kernel might widen them to, and no other", () => {
  for (const [payload, expected] of [
    [[7], 7],
    [[7, 1], 263],
    [[7, 1, 0, 0], 263],
    [[7, 1, 0, 0, 0, 0, 0, 0], 263],
    [[7, 1, 0], undefined],
    [[], undefined],
  ] as const) {
    const attribute = { type: NUMBERS.A_SMALL, payload: Uint8Array.from(payload) };
    expect(decode(TABLE, encodeAttributes([attribute])).small).toBe(expected);
  }
});

test("unknown attributes, bits and values are passed over; of several the last counts", () => {
  const attributes = [
    { type: 99, payload: u32Bytes(1) },
    { type: NUMBERS.A_NAME, payload: Uint8Array.of(0x61, 0) },
    { type: NUMBERS.A_NAME, payload: Uint8Array.of(0x62) },
    { type: NUMBERS.A_BITS, payload: u32Bytes(0x7fff_ffff) },
    { type: NUMBERS.A_CHOICE, payload: Uint8Array.of(2) },
  ];
  const values = decode(TABLE, encodeAttributes(attributes));
  expect(values).toEqual({ name: "b", bits: new Set(["low"]), choice: undefined });
});

test("an address of no bytes is none", () => {
  const attribute = { type: 4, payload: new Uint8Array() };
  expect(decode(INNER, encodeAttributes([attribute])).address).toBeUndefined();
});

test.each([
  ["a length of 0", [0, 0, 1, 0]],
  ["a length below the header's", [3, 0, 1, 0]],
  ["a length behind the end", [9, 0, 1, 0, 1, 2, 3, 4]],
  ["half a header", [8, 0]],
])("%s ends the list", (_, damaged) => {
  const good = encodeAttributes([{ type: 7, payload: u32Bytes(1) }]);
  expect([...decodeAttributes(Uint8Array.from([...good, ...damaged]))].map(({ type }) => type)).toEqual([7]);
});

test("an offset leads to the innermost attribute, and to the table of what is inside it", () => {
  const encoded = encode(TABLE, { name: "lo", inner: { signed: 1, short: 2 } });
  expect(attributeAt(encoded, 0)?.names).toEqual(["A_NAME"]);
  expect(attributeAt(encoded, 8)).toEqual({ names: ["A_INNER"], inside: INNER });
  expect(attributeAt(encoded, 12)?.names).toEqual(["A_INNER", "I_SIGNED"]);
  expect(attributeAt(encoded, 24)?.names).toEqual(["A_INNER", "I_SHORT"]);
  expect(attributeAt(encoded, encoded.bytes.length)).toBeUndefined();
});

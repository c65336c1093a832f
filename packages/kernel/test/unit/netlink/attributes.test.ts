import { expect, test } from "vitest";
import {
  attributeNumber,
  attributeText,
  decodeAttributes,
  encodeAttributes,
  nestedAttribute,
  numberAttribute,
  textAttribute,
} from "../../../src/netlink/attributes.ts";

const NESTED = 0x8000;

test("attributes are padded to 4 bytes, and their length is without the padding", () => {
  expect([...encodeAttributes([textAttribute(3, "lo"), numberAttribute(4, 0x01020304)])]).toEqual([
    ...[7, 0, 3, 0, 0x6c, 0x6f, 0, 0],
    ...[8, 0, 4, 0, 4, 3, 2, 1],
  ]);
});

test("what is encoded decodes, nested ones too", () => {
  const bytes = encodeAttributes([textAttribute(1, "über"), nestedAttribute(2, [numberAttribute(1, -1)])]);
  const outer = decodeAttributes(bytes);
  expect(attributeText(outer.get(1) ?? new Uint8Array())).toBe("über");
  expect(new DataView(bytes.buffer).getUint16(14, true)).toBe(2 | NESTED);
  const inner = decodeAttributes(outer.get(2) ?? new Uint8Array());
  expect(attributeNumber(inner.get(1) ?? new Uint8Array())).toBe(0xffff_ffff);
});

test.each([
  ["a length of 0", [0, 0, 1, 0]],
  ["a length below the header's", [3, 0, 1, 0]],
  ["a length behind the end", [9, 0, 1, 0, 1, 2, 3, 4]],
  ["half a header", [8, 0]],
])("%s ends the list", (_, damaged) => {
  const good = encodeAttributes([numberAttribute(7, 1)]);
  expect([...decodeAttributes(Uint8Array.from([...good, ...damaged])).keys()]).toEqual([7]);
});

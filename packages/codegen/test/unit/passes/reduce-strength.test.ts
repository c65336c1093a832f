import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { constant32, dumpAfter } from "../../dump.ts";

test("a quotient is a product, a remainder what is left", () => {
  const make = (builder: FunctionBuilder): void => {
    const word = builder.load(32, builder.parameter(0), 0);
    const quotient = builder.binary("div", 32, word, constant32(builder, 10));
    const rest = builder.binary("mod", 32, word, constant32(builder, 10));
    builder.return(builder.binary("xor", 32, quotient, rest));
  };
  expect(dumpAfter("reduce-strength", make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:64 = zero-extend v0
      v2:64 = mul v1, 0xcccccccd
      v3:64 = shr v2, 0x23
      v4:32 = truncate v3
      v5:64 = zero-extend v0
      v6:64 = mul v5, 0xcccccccd
      v7:64 = shr v6, 0x23
      v8:32 = truncate v7
      v9:32 = mul v8, 0xa
      v10:32 = sub v0, v9
      v11:32 = xor v4, v10
      return v11
    "
  `);
});

/** Two numbers from the network, put together, and what becomes of one of them besides. */
function together(bits: 16 | 32, besides: (builder: FunctionBuilder, swapped: Value) => void): string {
  return dumpAfter("reduce-strength", (builder) => {
    const context = builder.parameter(0);
    const [one, other] = [builder.load(32, context, 0), builder.load(32, context, 4)];
    const [left, right] = [builder.byteSwap(32, one), builder.byteSwap(bits, other)];
    besides(builder, left);
    builder.return(builder.binary("xor", 32, builder.binary("xor", 32, left, right), builder.load(8, context, 8)));
  });
}

test("the bytes of two numbers that are put together are swapped once", () => {
  expect(together(32, () => {})).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = load u32 +4 parameter 0
      v2:32 = byte-swap 32 v0
      v3:32 = byte-swap 32 v1
      v4:32 = xor v0, v1
      v5:32 = byte-swap 32 v4
      v6:32 = load u8 +8 parameter 0
      v7:32 = xor v5, v6
      return v7
    "
  `);
});

test("not where one of them is needed, nor where one has fewer bytes", () => {
  // Those of the two numbers alone; what is swapped together would be a third one, until the two are found dead.
  const swaps = (text: string): number => text.match(/byte-swap/g)?.length ?? 0;
  const stored = (builder: FunctionBuilder, swapped: Value): void => {
    builder.store(32, builder.parameter(0), 8, swapped);
  };
  expect(swaps(together(32, stored))).toBe(2);
  expect(swaps(together(16, () => {}))).toBe(2);
});

import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
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

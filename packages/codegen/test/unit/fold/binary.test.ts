import { expect, test } from "vitest";
import type { BinaryOperator, FunctionBuilder, Value } from "../../../src/index.ts";
import { constant32, dumpBuilt } from "../../dump.ts";

/** What becomes of an expression of one 32-bit value x that is loaded. */
function folded(make: (builder: FunctionBuilder, x: Value) => Value): string {
  const text = dumpBuilt((builder) => builder.return(make(builder, builder.load(32, builder.parameter(0), 12))));
  const [, , , ...lines] = text.trimEnd().split("\n");
  // Without the load of x, which is v0.
  return lines
    .slice(1)
    .map((line) => line.trim())
    .join("; ");
}

const of =
  (operator: BinaryOperator, right: number) =>
  (builder: FunctionBuilder, x: Value): Value =>
    builder.binary(operator, 32, x, constant32(builder, right));

test.each([
  ["x + 0", of("add", 0), "return v0"],
  ["x - 3 is an addition", of("sub", 3), "v1:32 = add v0, 0xfffffffd; return v1"],
  ["x * 8 is a shift", of("mul", 8), "v1:32 = shl v0, 3; return v1"],
  ["x / 8 is a shift", of("div", 8), "v1:32 = shr v0, 3; return v1"],
  ["x % 8 is a mask", of("mod", 8), "v1:32 = and v0, 7; return v1"],
  ["x / 0 is 0", of("div", 0), "return 0"],
  ["x % 0 is x", of("mod", 0), "return v0"],
  ["x & 0 is 0", of("and", 0), "return 0"],
  ["x & all ones is x", of("and", 0xffff_ffff), "return v0"],
  [
    "0 >> x is 0",
    (builder: FunctionBuilder, x: Value) => builder.binary("shr", 32, constant32(builder, 0), x),
    "return 0",
  ],
  ["a shift is taken modulo the width", of("shl", 33), "v1:32 = shl v0, 1; return v1"],
])("%s", (_, make, expected) => {
  expect(folded(make)).toBe(expected);
});

test("constants of a sum meet", () => {
  expect(folded((builder, x) => of("add", 4)(builder, of("add", 3)(builder, x)))).toContain("add v0, 7; return v2");
});

test("a pair of shifts is a mask", () => {
  expect(folded((builder, x) => of("shl", 4)(builder, of("shr", 4)(builder, x)))).toContain("and v0, 0xfffffff0");
});

test("x - x and x ^ x are 0", () => {
  expect(folded((builder, x) => builder.binary("sub", 32, x, x))).toBe("return 0");
  expect(folded((builder, x) => builder.binary("xor", 32, x, x))).toBe("return 0");
});

test("what is computed twice is one value", () => {
  expect(folded((builder, x) => builder.binary("mul", 32, of("add", 1)(builder, x), of("add", 1)(builder, x)))).toBe(
    "v1:32 = add v0, 1; v2:32 = mul v1, v1; return v2",
  );
});

test("a mask that the verifier needs stays: it knows nothing of remainders", () => {
  expect(folded((builder, x) => of("and", 15)(builder, of("mod", 12)(builder, x)))).toContain("and v1, 0xf");
});

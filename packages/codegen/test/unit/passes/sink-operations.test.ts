import { describe, expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

/** What two ways do to an offset, of which one has found a kind to be 1. */
interface Ways {
  /** Bits of the kind. */
  readonly kind?: 8 | 16;
  readonly one?: (builder: FunctionBuilder, offset: Value) => Value;
  readonly other?: (builder: FunctionBuilder, offset: Value) => Value;
  /** Something else that is done with what the first way has made. */
  readonly again?: boolean;
}

const add = (operand: (builder: FunctionBuilder) => Value) => (builder: FunctionBuilder, offset: Value) =>
  builder.binary("add", 32, offset, operand(builder));
const length = (builder: FunctionBuilder): Value => builder.load(8, builder.parameter(0), 1);

function afterOption({
  kind = 8,
  one = add((builder) => constant32(builder, 1)),
  other = add(length),
  again = false,
}: Ways): string {
  return dumpAfter("sink-operations", (builder) => {
    const [short, long, after] = [builder.block("short"), builder.block("long"), builder.block("after")];
    const context = builder.parameter(0);
    const offset = builder.variable(32);
    const before = builder.load(32, context, 4);
    builder.branch("eq", 32, builder.load(kind, context, 0), constant32(builder, 1), short, long);
    begin(builder, short);
    const made = one(builder, before);
    if (again) builder.store(32, context, 8, made);
    builder.write(offset, made);
    builder.jump(after);
    begin(builder, long);
    builder.write(offset, other(builder, before));
    builder.jump(after);
    begin(builder, after);
    builder.return(builder.read(offset));
  });
}

test("what two ways add to a number is added once, where one of them has its constant at hand", () => {
  expect(afterOption({})).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +4 parameter 0
      v1:32 = load u8 +0 parameter 0
      if v1 ==32 1 short.1 else long.2
    short.1: ; from entry.0
      v2:32 = add v0, 1
      jump after.3
    long.2: ; from entry.0
      v3:32 = load u8 +1 parameter 0
      v4:32 = add v0, v3
      jump after.3
    after.3: ; from short.1, long.2
      v5:32 = phi v1, v3
      v6:32 = add v0, v5
      return v6
    "
  `);
});

test("the number may stand on the right", () => {
  const other = (builder: FunctionBuilder, offset: Value): Value => builder.binary("add", 32, length(builder), offset);
  expect(afterOption({ other })).toContain("phi v1, v3");
});

test("how far a number is shifted stands on the right on both ways", () => {
  const shift = (left: Value, right: Value, builder: FunctionBuilder): Value => builder.binary("shl", 32, left, right);
  const one = (builder: FunctionBuilder, offset: Value): Value => shift(offset, constant32(builder, 1), builder);
  const same = (builder: FunctionBuilder, offset: Value): Value => shift(offset, length(builder), builder);
  const reversed = (builder: FunctionBuilder, offset: Value): Value => shift(length(builder), offset, builder);
  expect(afterOption({ one, other: same })).toContain("phi v1, v3");
  expect(afterOption({ one, other: reversed })).toContain("phi v2, v4");
});

describe("but not", () => {
  test.for<[string, Ways]>([
    ["a constant that no register has", { one: add((builder) => constant32(builder, 2)) }],
    ["where no way has less to do", { one: add(length) }],
    ["what the way needs itself", { again: true }],
    ["what verifiers may take for more than the other number", { kind: 16 }],
    ["another operation", { other: (builder, offset) => builder.binary("xor", 32, offset, length(builder)) }],
    ["another number", { other: (builder) => builder.binary("add", 32, length(builder), length(builder)) }],
  ])("%s", ([, ways]) => {
    expect(afterOption(ways)).toMatch(/phi v\d+, v\d+\n {2}return v\d+/);
  });
});

import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

/** A loop that is tested at its end, and in each round adds the swapped length to a sum. */
const swapInLoop =
  (each: (builder: FunctionBuilder, sum: Value) => void) =>
  (builder: FunctionBuilder): void => {
    const [body, after] = [builder.block("body"), builder.block("after")];
    const sum = builder.variable(32);
    builder.write(sum, constant32(builder, 0));
    builder.jump(body);
    builder.enter(body);
    const swapped = builder.byteSwap(32, builder.load(32, builder.parameter(0), 12));
    builder.write(sum, builder.binary("add", 32, builder.read(sum), swapped));
    each(builder, builder.read(sum));
    builder.branch("ult", 32, builder.read(sum), constant32(builder, 1000), body, after);
    builder.seal(body);
    begin(builder, after);
    builder.return(builder.read(sum));
  };

test("what is the same in every round is done before the first", () => {
  expect(
    dumpAfter(
      "hoist-invariants",
      swapInLoop(() => {}),
    ),
  ).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +12 parameter 0
      v1:32 = byte-swap 32 v0
      jump body.1
    body.1: ; from entry.0, body.1
      v2:32 = phi 0, v3
      v3:32 = add v1, v2
      if v3 <32 0x3e8 body.1 else after.2
    after.2: ; from body.1
      return v3
    "
  `);
});

test("what the loop may write is loaded in every round", () => {
  const write = (builder: FunctionBuilder, sum: Value): void => builder.store(32, builder.parameter(0), 12, sum);
  expect(dumpAfter("hoist-invariants", swapInLoop(write))).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      jump body.1
    body.1: ; from entry.0, body.1
      v0:32 = phi 0, v3
      v1:32 = load u32 +12 parameter 0
      v2:32 = byte-swap 32 v1
      v3:32 = add v2, v0
      store u32 +12 parameter 0, v3
      if v3 <32 0x3e8 body.1 else after.2
    after.2: ; from body.1
      return v3
    "
  `);
});

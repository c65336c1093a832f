import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** Both arms store the same two words, at last. */
function twoArms(builder: FunctionBuilder): void {
  const [one, other] = [builder.block("one"), builder.block("other")];
  const context = builder.parameter(0);
  const length = builder.load(32, context, 12);
  const end = (): void => {
    builder.store(32, context, 16, length);
    builder.store(32, context, 20, constant32(builder, 7));
    builder.return(constant32(builder, 2));
  };
  builder.branch("eq", 32, length, constant32(builder, 7), one, other);
  begin(builder, one);
  builder.store(8, context, 0, length);
  end();
  begin(builder, other);
  end();
}

test("what two blocks end with is there once", () => {
  expect(assembly(twoArms, { without: ["merge-tails"] }).split("\n")).toHaveLength(12);
  expect(assembly(twoArms)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 12)
       1: if w0 != 7 goto +1
       2: *(u8 *)(r1 + 0) = r0
       3: *(u32 *)(r1 + 16) = r0
       4: *(u32 *)(r1 + 20) = 7
       5: r0 = 2
       6: exit
    "
  `);
});

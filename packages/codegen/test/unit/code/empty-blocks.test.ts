import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** 1 or 2, which is stored before it is returned where it is 1. */
function storeOne(builder: FunctionBuilder): void {
  const context = builder.parameter(0);
  const [one, two, after] = [builder.block("one"), builder.block("two"), builder.block("after")];
  const result = builder.variable(32);
  builder.branch("ugt", 32, builder.load(32, context, 0), constant32(builder, 9), one, two);
  begin(builder, one);
  builder.write(result, constant32(builder, 1));
  builder.store(32, context, 4, constant32(builder, 1));
  builder.jump(after);
  begin(builder, two);
  builder.write(result, constant32(builder, 2));
  builder.store(32, context, 4, builder.load(32, context, 8));
  builder.jump(after);
  begin(builder, after);
  builder.return(builder.read(result));
}

test("what would jump to a return returns itself", () => {
  expect(assembly(storeOne)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: if w0 <= 9 goto +3
       2: *(u32 *)(r1 + 4) = 1
       3: r0 = 1
       4: exit
       5: r0 = *(u32 *)(r1 + 8)
       6: *(u32 *)(r1 + 4) = r0
       7: r0 = 2
       8: exit
    "
  `);
});

import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** A loop whose counter and sum each go from round to round. */
function sumOfNumbers(builder: FunctionBuilder): void {
  const [body, after] = [builder.block("body"), builder.block("after")];
  const [counter, sum] = [builder.variable(32), builder.variable(32)];
  builder.write(counter, builder.load(32, builder.parameter(0), 0));
  builder.write(sum, constant32(builder, 0));
  builder.jump(body);
  builder.enter(body);
  builder.write(sum, builder.binary("add", 32, builder.read(sum), builder.read(counter)));
  builder.write(counter, builder.binary("shr", 32, builder.read(counter), constant32(builder, 1)));
  builder.branch("ne", 32, builder.read(counter), constant32(builder, 0), body, after);
  builder.seal(body);
  begin(builder, after);
  builder.return(builder.read(sum));
}

test("the two sides of a move become one register", () => {
  expect(assembly(sumOfNumbers, { without: ["join-moves"] })).toMatchInlineSnapshot(`
    "
       0: r0 = r1
       1: r0 = *(u32 *)(r0 + 0)
       2: r1 = r0
       3: r0 = 0
       4: w0 += w1
       5: w1 >>= 1
       6: if w1 != 0 goto -3
       7: exit
    "
  `);
  expect(assembly(sumOfNumbers)).toMatchInlineSnapshot(`
    "
       0: r1 = *(u32 *)(r1 + 0)
       1: r0 = 0
       2: w0 += w1
       3: w1 >>= 1
       4: if w1 != 0 goto -3
       5: exit
    "
  `);
});

import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** Counts what is looked up, and passes when there is nothing. */
function countFound(builder: FunctionBuilder): void {
  const [missing, found] = [builder.block("missing"), builder.block("found")];
  const key = builder.stackSlot(4, 4);
  builder.store(32, key, 0, constant32(builder, 0));
  const value = builder.callHelper(1, [builder.mapAddress("MAP"), key]);
  builder.branch("eq", 64, value, builder.constant(64, 0n), missing, found);
  begin(builder, missing);
  builder.return(constant32(builder, 2));
  begin(builder, found);
  builder.store(32, value, 0, builder.binary("add", 32, builder.load(32, value, 0), constant32(builder, 1)));
  builder.return(constant32(builder, 1));
}

test("what hardly ever runs comes last, so that most ways go straight on", () => {
  expect(assembly(countFound, { without: ["order-blocks"] })).toMatchInlineSnapshot(`
    "
       0: *(u32 *)(r10 - 4) = 0
       1: r1 = map[0] ll
       3: r2 = r10
       4: r2 += -4
       5: call bpf_map_lookup_elem#1
       6: if r0 != 0 goto +2
       7: r0 = 2
       8: exit
       9: r1 = *(u32 *)(r0 + 0)
      10: w1 += 1
      11: *(u32 *)(r0 + 0) = r1
      12: r0 = 1
      13: exit
    "
  `);
  expect(assembly(countFound)).toMatchInlineSnapshot(`
    "
       0: *(u32 *)(r10 - 4) = 0
       1: r1 = map[0] ll
       3: r2 = r10
       4: r2 += -4
       5: call bpf_map_lookup_elem#1
       6: if r0 == 0 goto +5
       7: r1 = *(u32 *)(r0 + 0)
       8: w1 += 1
       9: *(u32 *)(r0 + 0) = r1
      10: r0 = 1
      11: exit
      12: r0 = 2
      13: exit
    "
  `);
});

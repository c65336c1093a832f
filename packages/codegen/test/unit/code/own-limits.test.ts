import { expect, test } from "vitest";
import { type FunctionBuilder, PASS_NAMES } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** A record of 8 bytes at 4, then one of 4 bytes at 0, which ends where the first begins; `after`: what becomes of too short a packet. */
const twoRecords = (after: "goes on" | "ends") => (builder: FunctionBuilder) => {
  const [context, zero] = [builder.parameter(0), constant32(builder, 0)];
  const pointer = (offset: number) => builder.zeroExtend(builder.load(32, context, offset, { packet: true }), 32, 64);
  const [data, end] = [pointer(0), pointer(4)];
  const [long, short, join, outside] = [builder.block(), builder.block(), builder.block(), builder.block()];
  const first = builder.packetAccess(data, end, builder.constant(64, 4n), 8, long, outside);
  begin(builder, long);
  builder.packetAccess(data, end, builder.constant(64, 0n), 4, short, after === "ends" ? outside : join);
  begin(builder, short);
  builder.store(32, context, 8, zero);
  builder.jump(join);
  begin(builder, join);
  const distance = builder.zeroExtend(builder.load(8, context, 12), 8, 64);
  builder.return(builder.load(32, builder.binary("add", 64, first, distance), 0));
  begin(builder, outside);
  builder.return(zero);
};

test("the end of a record that is the address of another has a register of its own where that is used when the packet is too short", () => {
  expect(assembly(twoRecords("goes on"), { without: PASS_NAMES })).toMatchInlineSnapshot(`
    "
       0: r2 = r1
       1: r0 = *(u32 *)(r2 + 0)
       2: r3 = *(u32 *)(r2 + 4)
       3: r1 = r0
       4: r1 += 4
       5: r4 = r0
       6: r4 += 12
       7: if r4 <= r3 goto +2
       8: r0 = 0
       9: exit
      10: r0 += 4
      11: if r0 > r3 goto +1
      12: *(u32 *)(r2 + 8) = 0
      13: r0 = *(u8 *)(r2 + 12)
      14: r1 += r0
      15: r0 = *(u32 *)(r1 + 0)
      16: exit
    "
  `);
  expect(assembly(twoRecords("ends"), { without: PASS_NAMES })).toMatchInlineSnapshot(`
    "
       0: r2 = r1
       1: r0 = *(u32 *)(r2 + 0)
       2: r3 = *(u32 *)(r2 + 4)
       3: r1 = r0
       4: r1 += 4
       5: r0 += 12
       6: if r0 > r3 goto +1
       7: if r1 <= r3 goto +2
       8: r0 = 0
       9: exit
      10: *(u32 *)(r2 + 8) = 0
      11: r0 = *(u8 *)(r2 + 12)
      12: r1 += r0
      13: r0 = *(u32 *)(r1 + 0)
      14: exit
    "
  `);
});

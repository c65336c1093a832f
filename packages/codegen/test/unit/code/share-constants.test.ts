import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

const PRIME = 0x100_0000_01b3n;

function hashOctets(builder: FunctionBuilder): void {
  const [body, after] = [builder.block("body"), builder.block("after")];
  const [hash, rest] = [builder.variable(64), builder.variable(32)];
  builder.write(hash, builder.load(64, builder.parameter(0), 0));
  builder.write(rest, builder.load(32, builder.parameter(0), 8));
  builder.jump(body);
  builder.enter(body);
  builder.write(hash, builder.binary("mul", 64, builder.read(hash), builder.constant(64, PRIME)));
  builder.write(rest, builder.binary("sub", 32, builder.read(rest), constant32(builder, 1)));
  builder.branch("ne", 32, builder.read(rest), constant32(builder, 0), body, after);
  builder.seal(body);
  begin(builder, after);
  builder.return(builder.binary("mul", 64, builder.read(hash), builder.constant(64, PRIME)));
}

test("a long constant is made before the loop, and serves what is behind it", () => {
  expect(assembly(hashOctets, { without: ["share-constants"] })).toMatchInlineSnapshot(`
    "
       0: r0 = *(u64 *)(r1 + 0)
       1: r2 = *(u32 *)(r1 + 8)
       2: r1 = 1099511628211 ll
       4: r0 *= r1
       5: r1 = r2
       6: w1 += -1
       7: if w2 == 1 goto +2
       8: r2 = r1
       9: goto -8
      10: r1 = 1099511628211 ll
      12: r0 *= r1
      13: exit
    "
  `);
  expect(assembly(hashOctets)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u64 *)(r1 + 0)
       1: r2 = *(u32 *)(r1 + 8)
       2: r3 = 1099511628211 ll
       4: r0 *= r3
       5: r1 = r2
       6: w1 += -1
       7: if w2 == 1 goto +2
       8: r2 = r1
       9: goto -6
      10: r0 *= r3
      11: exit
    "
  `);
});

test("it is not made earlier where only one of two ways needs it", () => {
  const make = (builder: FunctionBuilder): void => {
    const [first, second] = [builder.block("first"), builder.block("second")];
    const number = builder.load(64, builder.parameter(0), 0);
    builder.branch("ne", 64, number, builder.constant(64, 0n), first, second);
    begin(builder, first);
    builder.return(builder.binary("mul", 64, number, builder.constant(64, PRIME)));
    begin(builder, second);
    builder.return(builder.binary("add", 64, builder.load(64, builder.parameter(0), 8), builder.constant(64, PRIME)));
  };
  expect(assembly(make)).toBe(assembly(make, { without: ["share-constants"] }));
});

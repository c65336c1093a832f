import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** Adds up octets until one is 255: an octet is needed behind the sum, the sum so far is not. */
function sumOfOctets(builder: FunctionBuilder): void {
  const [body, more, after] = [builder.block("body"), builder.block("more"), builder.block("after")];
  const sum = builder.variable(32);
  builder.write(sum, constant32(builder, 0));
  builder.jump(body);
  builder.enter(body);
  const octet = builder.load(8, builder.parameter(0), 0);
  const total = builder.binary("add", 32, octet, builder.read(sum));
  builder.write(sum, total);
  builder.branch("eq", 32, octet, constant32(builder, 255), after, more);
  begin(builder, more);
  builder.jump(body);
  builder.seal(body);
  begin(builder, after);
  builder.return(builder.read(sum));
}

test("where one operand is needed later, the other one becomes the sum", () => {
  const without = ["hoist-invariants"] as const;
  expect(assembly(sumOfOctets, { without: [...without, "commute-operands"] })).toMatchInlineSnapshot(`
    "
       0: r3 = 0
       1: r2 = *(u8 *)(r1 + 0)
       2: r0 = r2
       3: w0 += w3
       4: if w2 == 255 goto +2
       5: r3 = r0
       6: goto -6
       7: exit
    "
  `);
  expect(assembly(sumOfOctets, { without })).toMatchInlineSnapshot(`
    "
       0: r0 = 0
       1: r2 = *(u8 *)(r1 + 0)
       2: w0 += w2
       3: if w2 != 255 goto -3
       4: exit
    "
  `);
});

test("a sum is made in the register that it goes to, by way of where two ways meet too", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, round, short, long, next, after] = ["head", "round", "short", "long", "next", "after"].map((name) =>
      builder.block(name),
    );
    if (head === undefined || round === undefined || next === undefined) return;
    if (short === undefined || long === undefined || after === undefined) return;
    const [offset, counter] = [builder.variable(32), builder.variable(32)];
    builder.write(offset, constant32(builder, 54));
    builder.write(counter, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), builder.load(32, builder.parameter(0), 0), round, after);
    begin(builder, round);
    const length = builder.load(8, builder.parameter(0), 8);
    // Younger than the length, so that it comes behind it in the sum.
    const at = builder.read(offset);
    builder.branch("eq", 32, length, constant32(builder, 1), short, long);
    begin(builder, short);
    builder.write(offset, builder.binary("add", 32, at, constant32(builder, 1)));
    builder.jump(next);
    begin(builder, long);
    builder.write(offset, builder.binary("add", 32, length, at));
    builder.jump(next);
    begin(builder, next);
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(offset));
  };
  const without = ["hoist-invariants", "sink-operations"] as const;
  expect(assembly(make, { without: [...without, "commute-operands"] })).toContain("w3 += w0");
  expect(assembly(make, { without })).toMatchInlineSnapshot(`
    "
       0: r2 = 0
       1: r0 = 54
       2: r3 = *(u32 *)(r1 + 0)
       3: if w2 >= w3 goto +6
       4: r3 = *(u8 *)(r1 + 8)
       5: if w3 != 1 goto +5
       6: w0 += 1
       7: w2 += 1
       8: r3 = *(u32 *)(r1 + 0)
       9: if w2 < w3 goto -6
      10: exit
      11: w0 += w3
      12: goto -6
    "
  `);
});

test("a sum is made of the operand that goes to the same place on another way", () => {
  const make = (builder: FunctionBuilder): void => {
    const [one, many, after] = [builder.block("one"), builder.block("many"), builder.block("after")];
    const [length, offset] = [0, 4].map((at) => builder.load(32, builder.parameter(0), at));
    if (offset === undefined || length === undefined) return;
    const place = builder.variable(32);
    builder.branch("eq", 32, length, constant32(builder, 1), one, many);
    begin(builder, one);
    builder.write(place, builder.binary("add", 32, offset, constant32(builder, 1)));
    builder.jump(after);
    begin(builder, many);
    builder.write(place, builder.binary("add", 32, length, offset));
    builder.jump(after);
    begin(builder, after);
    builder.return(builder.read(place));
  };
  let text = "";
  assembly(make, {
    without: ["sink-operations"],
    dump: (pass, dumped) => (text = pass === "commute-operands" ? dumped : text),
  });
  expect(text).toMatchInlineSnapshot(`
    "   0: r16 = r1
       1: r17 = *(u32 *)(r16 + 0)
       2: r18 = *(u32 *)(r16 + 4)
       3: if w17 != 1 goto +4
       4: r19 = r18
       5: w19 += 1
       6: r20 = r19
       7: goto +3
       8: r21 = r18
       9: w21 += w17
      10: r20 = r21
      11: r0 = r20
      12: exit
    "
  `);
});

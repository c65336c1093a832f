import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

const JIFFIES = 118;

test("values go straight to and from the registers of a call", () => {
  const text = assembly((builder) => {
    const key = builder.stackSlot(4, 4);
    builder.store(32, key, 0, constant32(builder, 7));
    const value = builder.callHelper(1, [builder.mapAddress("MAP"), key]);
    const [found, missing] = [builder.block("found"), builder.block("missing")];
    builder.branch("eq", 64, value, builder.constant(64, 0n), missing, found);
    begin(builder, found);
    builder.return(builder.load(32, value, 4));
    begin(builder, missing);
    builder.return(constant32(builder, 1));
  });
  expect(text).toBe(`
   0: *(u32 *)(r10 - 4) = 7
   1: r1 = map[0] ll
   3: r2 = r10
   4: r2 += -4
   5: call bpf_map_lookup_elem#1
   6: if r0 == 0 goto +2
   7: r0 = *(u32 *)(r0 + 4)
   8: exit
   9: r0 = 1
  10: exit
`);
});

test("a loop counter stays in its register", () => {
  const text = assembly(
    (builder) => {
      const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
      const [counter, sum] = [builder.variable(32), builder.variable(32)];
      builder.write(counter, constant32(builder, 0));
      builder.write(sum, constant32(builder, 0));
      builder.jump(head);
      builder.enter(head);
      builder.branch("ult", 32, builder.read(counter), constant32(builder, 10), body, after);
      begin(builder, body);
      builder.write(sum, builder.binary("add", 32, builder.read(counter), builder.read(sum)));
      builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 3)));
      builder.jump(head);
      builder.seal(head);
      begin(builder, after);
      builder.return(builder.read(sum));
    },
    { without: ["unroll-loops"] },
  );
  expect(text).toBe(`
   0: r1 = 0
   1: r0 = 0
   2: w0 += w1
   3: w1 += 3
   4: if w1 < 10 goto -3
   5: exit
`);
});

/** Seven values that live through a call, of which four find registers. */
function sevenThroughCall(builder: FunctionBuilder): void {
  const values = Array.from({ length: 7 }, (_, index) => builder.load(32, builder.parameter(0), index * 4));
  let sum = builder.callHelper(JIFFIES, []);
  for (const value of values) sum = builder.binary("add", 64, sum, builder.zeroExtend(value, 32, 64));
  builder.return(sum);
}

test("what finds no register is stored once and loaded once, whole", () => {
  const text = assembly(sevenThroughCall);
  expect(text.match(/\*\(u64 \*\)\(r10 - \d+\) = /g)).toHaveLength(3);
  expect(text.match(/= \*\(u64 \*\)\(r10 - \d+\)/g)).toHaveLength(3);
});

/** Seven values that live through each of two calls. */
function sevenThroughTwoCalls(builder: FunctionBuilder): void {
  const sumThroughCall = (start: Value): Value => {
    const values = Array.from({ length: 7 }, (_, index) => builder.load(32, builder.parameter(0), index * 4));
    builder.store(32, builder.parameter(0), 32, start);
    let sum = builder.callHelper(JIFFIES, []);
    for (const value of values) sum = builder.binary("add", 64, sum, builder.zeroExtend(value, 32, 64));
    return sum;
  };
  builder.return(sumThroughCall(sumThroughCall(builder.constant(64, 0n))));
}

test("what is in memory at different times shares it", () => {
  const depth = (text: string): number => Math.max(...[...text.matchAll(/r10 - (\d+)/g)].map(([, at]) => Number(at)));
  expect(depth(assembly(sevenThroughTwoCalls))).toBe(32);
  expect(depth(assembly(sevenThroughTwoCalls, { without: ["share-slots"] }))).toBe(64);
});

test("constants are made again instead of kept in memory", () => {
  const text = assembly(
    (builder) => {
      const big = builder.constant(64, 0x1234_5678_9abc_def0n);
      const use = (value: Value): Value => builder.binary("xor", 64, value, big);
      const first = use(builder.load(64, builder.parameter(0), 0));
      builder.return(builder.binary("add", 64, use(builder.callHelper(JIFFIES, [])), first));
    },
    { registers: 7 },
  );
  expect(text).not.toContain("r10");
});

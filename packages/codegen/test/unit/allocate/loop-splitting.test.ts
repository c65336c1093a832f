import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** Mixes the values into a sum in each of a hundred rounds. */
function mixInLoop(builder: FunctionBuilder, values: readonly Value[], start: Value): Value {
  const [body, after] = [builder.block("body"), builder.block("after")];
  const [counter, sum] = [builder.variable(32), builder.variable(32)];
  builder.write(counter, constant32(builder, 0));
  builder.write(sum, start);
  builder.jump(body);
  builder.enter(body);
  for (const value of values) {
    const tripled = builder.binary("mul", 32, builder.read(sum), constant32(builder, 3));
    builder.write(sum, builder.binary("xor", 32, tripled, value));
  }
  builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
  builder.branch("ult", 32, builder.read(counter), constant32(builder, 100), body, after);
  builder.seal(body);
  begin(builder, after);
  return builder.read(sum);
}

/** The word is used in the first loop, and behind the second one, which needs all five registers. */
function wordAroundLoop(builder: FunctionBuilder): void {
  const word = builder.load(32, builder.parameter(0), 0);
  const first = mixInLoop(builder, [word], constant32(builder, 0));
  const products = [5, 7].map((factor) => builder.binary("mul", 32, first, constant32(builder, factor)));
  const second = mixInLoop(builder, [first, ...products], first);
  builder.return(builder.binary("add", 32, second, word));
}

const FIVE = { registers: 5 } as const;

test("what a loop does not use has a register of its own there", () => {
  const dumps = new Map<string, string>();
  assembly(wordAroundLoop, { ...FIVE, dump: (pass, text) => void dumps.set(pass, text) });
  expect(dumps.get("split-lives")).toMatchInlineSnapshot(`
    "   0: r16 = r1
       1: r17 = *(u32 *)(r16 + 0)
       2: r18 = 0
       3: r19 = 0
       4: r20 = r18
       5: w20 *= 3
       6: r21 = r20
       7: w21 ^= w17
       8: r22 = r19
       9: w22 += 1
      10: if w22 < 100 goto +27
      11: r23 = r21
      12: w23 *= 5
      13: r24 = r21
      14: w24 *= 7
      15: r25 = r21
      16: r26 = 0
      17: goto +26
      18: r27 = r25
      19: w27 *= 3
      20: r28 = r27
      21: w28 ^= w21
      22: r29 = r28
      23: w29 *= 3
      24: r30 = r29
      25: w30 ^= w23
      26: r31 = r30
      27: w31 *= 3
      28: r32 = r31
      29: w32 ^= w24
      30: r33 = r26
      31: w33 += 1
      32: if w33 < 100 goto +8
      33: goto +12
      34: r34 = r17
      35: w34 += w32
      36: r0 = r34
      37: exit
      38: r18 = r21
      39: r19 = r22
      40: goto -37
      41: r25 = r32
      42: r26 = r33
      43: goto -26
      44: r35 = r17
      45: goto -28
      46: r17 = r35
      47: goto -14
    "
  `);
});

test("that one goes to memory rather than what the loop uses", () => {
  expect(assembly(wordAroundLoop, { ...FIVE, without: ["split-lives"] })).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: r2 = 0
       2: r1 = 0
       3: w2 *= 3
       4: w2 ^= w0
       5: w1 += 1
       6: if w1 < 100 goto -4
       7: r4 = r2
       8: w4 *= 5
       9: *(u64 *)(r10 - 16) = r2
      10: r1 = *(u64 *)(r10 - 16)
      11: w1 *= 7
      12: *(u64 *)(r10 - 16) = r1
      13: r3 = r2
      14: r1 = 0
      15: *(u64 *)(r10 - 8) = r4
      16: w3 *= 3
      17: w3 ^= w2
      18: w3 *= 3
      19: r4 = *(u64 *)(r10 - 8)
      20: w3 ^= w4
      21: w3 *= 3
      22: r4 = *(u64 *)(r10 - 16)
      23: w3 ^= w4
      24: w1 += 1
      25: if w1 < 100 goto -10
      26: w0 += w3
      27: exit
    "
  `);
  expect(assembly(wordAroundLoop, FIVE)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: r2 = 0
       2: r1 = 0
       3: w2 *= 3
       4: w2 ^= w0
       5: w1 += 1
       6: if w1 < 100 goto -4
       7: *(u64 *)(r10 - 8) = r2
       8: r1 = *(u64 *)(r10 - 8)
       9: w1 *= 5
      10: *(u64 *)(r10 - 8) = r1
      11: r4 = r2
      12: w4 *= 7
      13: r3 = r2
      14: r1 = 0
      15: *(u64 *)(r10 - 16) = r0
      16: w3 *= 3
      17: w3 ^= w2
      18: w3 *= 3
      19: r0 = *(u64 *)(r10 - 8)
      20: w3 ^= w0
      21: w3 *= 3
      22: w3 ^= w4
      23: w1 += 1
      24: if w1 < 100 goto -9
      25: r0 = *(u64 *)(r10 - 16)
      26: w0 += w3
      27: exit
    "
  `);
});

test("where all find registers nothing is split", () => {
  expect(assembly(wordAroundLoop, { without: ["split-lives"] })).toBe(assembly(wordAroundLoop));
});

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

/** Adds up two words of what is given, and returns early for nothing, so that the way on is the second arm. */
function addUp(builder: FunctionBuilder): void {
  const context = builder.parameter(0);
  const [some, none] = [builder.block("some"), builder.block("none")];
  const first = builder.load(32, context, 0);
  builder.branch("ne", 32, first, constant32(builder, 0), some, none);
  begin(builder, none);
  builder.return(constant32(builder, 7));
  begin(builder, some);
  builder.return(builder.binary("add", 32, first, builder.load(32, context, 4)));
}

test("what only returns is out of the way of what goes on", () => {
  expect(assembly(addUp)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: if w0 == 0 goto +3
       2: r1 = *(u32 *)(r1 + 4)
       3: w0 += w1
       4: exit
       5: r0 = 7
       6: exit
    "
  `);
});

/** Follows what is given, from one to the next, until there is none. */
function follow(builder: FunctionBuilder): void {
  const [round, more, after] = [builder.block("round"), builder.block("more"), builder.block("after")];
  const at = builder.variable(64);
  builder.write(at, builder.parameter(0));
  builder.jump(round);
  builder.enter(round);
  const next = builder.load(64, builder.read(at), 0);
  builder.branch("eq", 64, next, builder.constant(64, 0n), after, more);
  begin(builder, more);
  builder.store(32, builder.read(at), 8, constant32(builder, 1));
  builder.write(at, next);
  builder.jump(round);
  builder.seal(round);
  begin(builder, after);
  builder.store(32, builder.read(at), 8, constant32(builder, 2));
  builder.return(builder.load(32, builder.read(at), 12));
}

test("a loop goes straight on to its next round", () => {
  expect(assembly(follow)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u64 *)(r1 + 0)
       1: if r0 == 0 goto +4
       2: *(u32 *)(r1 + 8) = 1
       3: r1 = r0
       4: r0 = *(u64 *)(r1 + 0)
       5: if r0 != 0 goto -4
       6: *(u32 *)(r1 + 8) = 2
       7: r0 = *(u32 *)(r1 + 12)
       8: exit
    "
  `);
});

/** Reads one word more where the first one is 7, which it hardly ever is. */
function readMore(builder: FunctionBuilder): void {
  const context = builder.parameter(0);
  const [more, after] = [builder.block("more"), builder.block("after")];
  const first = builder.load(32, context, 0);
  const sum = builder.variable(32);
  builder.write(sum, first);
  builder.seldom(more, () => builder.branch("eq", 32, first, constant32(builder, 7), more, after));
  begin(builder, more);
  builder.write(sum, builder.binary("add", 32, first, builder.load(32, context, 4)));
  builder.jump(after);
  begin(builder, after);
  builder.store(32, context, 8, builder.read(sum));
  builder.return(builder.read(sum));
}

test("what is said to be unlikely is not jumped over: it lies behind, and jumps back", () => {
  expect(assembly(readMore)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: if w0 == 7 goto +2
       2: *(u32 *)(r1 + 8) = r0
       3: exit
       4: r2 = *(u32 *)(r1 + 4)
       5: w0 += w2
       6: goto -5
    "
  `);
});

/** The least of three words. */
function least(builder: FunctionBuilder): void {
  const context = builder.parameter(0);
  const least = builder.variable(32);
  builder.write(least, builder.load(32, context, 0));
  for (const offset of [4, 8]) {
    const [less, after] = [builder.block("less"), builder.block("after")];
    const word = builder.load(32, context, offset);
    builder.branch("ult", 32, word, builder.read(least), less, after);
    begin(builder, less);
    builder.write(least, word);
    builder.jump(after);
    begin(builder, after);
  }
  builder.return(builder.read(least));
}

test("nor is a number that is less than the least so far; of two numbers either may be", () => {
  expect(assembly(least)).toMatchInlineSnapshot(`
    "
       0: r2 = *(u32 *)(r1 + 0)
       1: r0 = *(u32 *)(r1 + 4)
       2: if w0 < w2 goto +1
       3: r0 = r2
       4: r1 = *(u32 *)(r1 + 8)
       5: if w1 < w0 goto +1
       6: exit
       7: r0 = r1
       8: exit
    "
  `);
});

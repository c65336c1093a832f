import { expect, test } from "vitest";
import type { BinaryOperator, Comparison, FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

const byte = (builder: FunctionBuilder, offset = 0): Value => builder.load(8, builder.parameter(0), offset);

/** Goes on where a comparison holds, returns 0 where it does not. */
function where(builder: FunctionBuilder, comparison: Comparison, value: Value, constant: number): void {
  const [yes, no] = [builder.block("yes"), builder.block("no")];
  builder.branch(comparison, 32, value, constant32(builder, constant), yes, no);
  begin(builder, no);
  builder.return(constant32(builder, 0));
  begin(builder, yes);
}

const after = (make: (builder: FunctionBuilder) => void): string => dumpAfter("value-ranges", make);
const questions = (text: string): string[] => text.match(/^ {2}if .*$/gm) ?? [];

test("what follows from the questions before is not asked", () => {
  const make = (builder: FunctionBuilder): void => {
    const value = byte(builder);
    where(builder, "uge", value, 10);
    where(builder, "ult", value, 20);
    where(builder, "ule", builder.binary("add", 32, value, constant32(builder, 5)), 24);
    where(builder, "ne", value, 30);
    where(builder, "sgt", value, 9);
    where(builder, "ne", value, 15);
    builder.return(constant32(builder, 1));
  };
  expect(after(make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u8 +0 parameter 0
      if v0 >=32 0xa yes.1 else no.2
    yes.1: ; from entry.0
      if v0 <32 0x14 yes.3 else no.4
    yes.3: ; from yes.1
      v1:32 = add v0, 5
      jump yes.5
    yes.5: ; from yes.3
      jump yes.7
    yes.7: ; from yes.5
      jump yes.9
    yes.9: ; from yes.7
      if v0 !=32 0xf yes.11 else no.12
    yes.11: ; from yes.9
      return 1
    no.12: ; from yes.9
      return 0
    no.4: ; from yes.1
      return 0
    no.2: ; from entry.0
      return 0
    "
  `);
});

test("of a phi its operands count, of a counter its rounds", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, inside, long, short, next, done] = ["head", "inside", "long", "short", "next", "done"].map((name) =>
      builder.block(name),
    );
    if (head === undefined || inside === undefined || long === undefined) return;
    if (short === undefined || next === undefined || done === undefined) return;
    const [counter, step] = [builder.variable(32), builder.variable(32)];
    builder.write(counter, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), constant32(builder, 100), inside, done);
    begin(builder, inside);
    builder.branch("eq", 32, byte(builder), constant32(builder, 1), long, short);
    begin(builder, long);
    builder.write(step, constant32(builder, 40));
    builder.jump(next);
    begin(builder, short);
    builder.write(step, constant32(builder, 8));
    builder.jump(next);
    begin(builder, next);
    // Neither ends the loop nor follows from the kind of step.
    where(builder, "ult", builder.read(counter), 120);
    where(builder, "ne", builder.read(step), 9);
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, done);
    builder.return(constant32(builder, 1));
  };
  expect(questions(after(make))).toMatchInlineSnapshot(`
    [
      "  if v0 <32 0x64 inside.2 else done.6",
      "  if v1 ==32 1 long.3 else short.4",
    ]
  `);
});

test("what a phi was a round ago is not what a branch says of this round", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, inside, done] = [builder.block("head"), builder.block("inside"), builder.block("done")];
    const last = builder.variable(32);
    builder.write(last, byte(builder));
    builder.jump(head);
    builder.enter(head);
    const before = builder.read(last);
    const now = byte(builder, 1);
    builder.write(last, now);
    builder.branch("ult", 32, now, constant32(builder, 10), inside, done);
    begin(builder, inside);
    where(builder, "ult", before, 50);
    builder.jump(head);
    builder.seal(head);
    begin(builder, done);
    builder.return(constant32(builder, 1));
  };
  expect(questions(after(make))).toHaveLength(2);
});

test("a mask that says how often a loop goes round at most stays", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, inside, done] = [builder.block("head"), builder.block("inside"), builder.block("done")];
    const rest = builder.binary("mod", 32, byte(builder), constant32(builder, 5));
    const rounds = builder.binary("and", 32, rest, constant32(builder, 7));
    const counter = builder.variable(32);
    builder.write(counter, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), rounds, inside, done);
    begin(builder, inside);
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, done);
    builder.return(constant32(builder, 1));
  };
  expect(after(make)).toContain("and v1, 7");
});

test("masks, signs and remainders that change nothing are left out, divisions have 32 bits", () => {
  const make = (builder: FunctionBuilder): void => {
    const value = builder.load(32, builder.parameter(0), 0);
    where(builder, "ult", value, 100);
    const binary = (operator: BinaryOperator, left: Value, constant: bigint): Value =>
      builder.binary(
        operator,
        left.width === 64 ? 64 : 32,
        left,
        builder.constant(left.width === 64 ? 64 : 32, constant),
      );
    const wide = builder.load(64, builder.parameter(0), 8);
    const [low, high] = [builder.block("low"), builder.block("high")];
    builder.branch("ule", 64, wide, builder.constant(64, 1000n), low, high);
    begin(builder, high);
    builder.return(constant32(builder, 0));
    begin(builder, low);
    const numbers = [
      binary("and", value, 127n),
      builder.signExtend(value, 8, 32),
      binary("mod", value, 100n),
      binary("div", value, 101n),
      binary("and", value, 63n),
    ];
    // What lies on the stack the verifier follows, what lies in a map it does not.
    const given = builder.callHelper(1, []);
    for (const [index, number] of numbers.entries()) builder.store(32, given, index * 4, number);
    builder.store(64, given, 24, binary("div", wide, 7n));
    builder.return(constant32(builder, 1));
  };
  expect(after(make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      if v0 <32 0x64 yes.1 else no.2
    yes.1: ; from entry.0
      v1:64 = load u64 +8 parameter 0
      if v1 <=64 0x3e8 low.3 else high.4
    low.3: ; from yes.1
      v2:32 = and v0, 0x3f
      v3:64 = call helper 1
      store u32 +0 v3, v0
      store u32 +4 v3, v0
      store u32 +8 v3, v0
      store u32 +12 v3, 0
      store u32 +16 v3, v2
      v4:32 = truncate v1
      v5:32 = div v4, 7
      v6:64 = zero-extend v5
      store u64 +24 v3, v6
      return 1
    high.4: ; from yes.1
      return 0
    no.2: ; from entry.0
      return 0
    "
  `);
});

test("a mask that bounds an index stays", () => {
  const make = (builder: FunctionBuilder): void => {
    const value = byte(builder);
    where(builder, "ult", value, 8);
    const index = builder.binary("and", 32, value, constant32(builder, 15));
    const slot = builder.stackSlot(16, 8);
    builder.return(builder.load(8, builder.binary("add", 64, slot, builder.zeroExtend(index, 32, 64)), 0));
  };
  expect(after(make)).toContain("and v0, 0xf");
});

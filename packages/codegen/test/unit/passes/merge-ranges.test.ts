import { describe, expect, test } from "vitest";
import type { Comparison, FunctionBuilder, Value } from "../../../src/index.ts";
import { assembly, begin, constant32, dumpAfter } from "../../dump.ts";

type Question = readonly [comparison: Comparison, constant: number];

const byte = (builder: FunctionBuilder): Value => builder.load(8, builder.parameter(0), 0);
const word = (builder: FunctionBuilder): Value => builder.load(32, builder.parameter(0), 0);

/** Returns 1 if each group has a question that is answered by yes, else 2. */
const everyGroup =
  (groups: readonly (readonly Question[])[], load: (builder: FunctionBuilder) => Value = byte) =>
  (builder: FunctionBuilder): void => {
    const value = load(builder);
    const no = builder.block("no");
    for (const questions of groups) {
      const yes = builder.block("yes");
      for (const [index, [comparison, constant]] of questions.entries()) {
        const next = index === questions.length - 1 ? no : builder.block("next");
        builder.branch(comparison, 32, value, constant32(builder, constant), yes, next);
        if (next !== no) begin(builder, next);
      }
      begin(builder, yes);
    }
    builder.return(constant32(builder, 1));
    begin(builder, no);
    builder.return(constant32(builder, 2));
  };

const all = (...questions: readonly Question[]): readonly (readonly Question[])[] => questions.map((each) => [each]);

const branches = (text: string): string[] => text.match(/^ {2}(if|v\d+:32 = (and|add)) .*$/gm) ?? [];

test("two comparisons of a range become one", () => {
  expect(dumpAfter("merge-ranges", everyGroup(all(["uge", 48], ["ule", 57])))).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u8 +0 parameter 0
      v1:32 = add v0, 0xffffffd0
      if v1 <=32 9 yes.3 else no.1
    yes.3: ; from entry.0
      return 1
    no.1: ; from entry.0
      return 2
    "
  `);
});

test("a branch whose arms lead to the same in the end does not get one block twice", () => {
  const make = (builder: FunctionBuilder): void => {
    const [next, other, no] = [builder.block("next"), builder.block("other"), builder.block("no")];
    const value = byte(builder);
    builder.branch("uge", 32, value, constant32(builder, 48), next, no);
    begin(builder, next);
    builder.branch("ule", 32, value, constant32(builder, 57), other, no);
    for (const block of [other, no]) {
      begin(builder, block);
      builder.return(constant32(builder, 2));
    }
  };
  expect(branches(dumpAfter("merge-ranges", make))).toMatchInlineSnapshot(`
    [
      "  v1:32 = add v0, 0xffffffd0",
      "  if v1 <=32 9 other.2 else no.3",
    ]
  `);
});

test("of a byte only the numbers that it can be count", () => {
  expect(branches(dumpAfter("merge-ranges", everyGroup(all(["ne", 0], ["ule", 255]))))).toMatchInlineSnapshot(`
    [
      "  if v0 !=32 0 yes.2 else no.1",
    ]
  `);
  expect(branches(dumpAfter("merge-ranges", everyGroup(all(["uge", 200], ["ule", 255]))))).toMatchInlineSnapshot(`
    [
      "  if v0 >=32 0xc8 yes.2 else no.1",
    ]
  `);
});

test("ranges with a sign go by way of zero", () => {
  expect(branches(dumpAfter("merge-ranges", everyGroup(all(["sge", -5], ["slt", 7]), word)))).toMatchInlineSnapshot(`
    [
      "  v1:32 = add v0, 0xfffffff9",
      "  if v1 <=32 0xfffffff3 no.1 else yes.3",
    ]
  `);
});

test("neighbours are a range", () => {
  const questions: Question[] = [
    ["eq", 3],
    ["eq", 4],
    ["eq", 5],
  ];
  expect(branches(dumpAfter("merge-ranges", everyGroup([questions])))).toMatchInlineSnapshot(`
    [
      "  v1:32 = add v0, 0xfffffffd",
      "  if v1 <=32 2 yes.2 else no.1",
    ]
  `);
});

test("two numbers that differ in one bit are one without it, others stay two", () => {
  const either = (a: number, b: number): Question[] => [
    ["eq", a],
    ["eq", b],
  ];
  expect(branches(dumpAfter("merge-ranges", everyGroup([either(0x41, 0x61)])))).toMatchInlineSnapshot(`
    [
      "  v1:32 = and v0, 0xffffffdf",
      "  if v1 ==32 0x41 yes.2 else no.1",
    ]
  `);
  expect(branches(dumpAfter("merge-ranges", everyGroup([either(0x41, 0x62)])))).toMatchInlineSnapshot(`
    [
      "  if v0 ==32 0x41 yes.2 else next.3",
      "  if v0 ==32 0x62 yes.2 else no.1",
    ]
  `);
});

describe("comparisons stay where the verifier needs them", () => {
  test("of an index", () => {
    const make = (builder: FunctionBuilder): void => {
      const index = byte(builder);
      const [low, inside, outside] = [builder.block("low"), builder.block("inside"), builder.block("outside")];
      builder.branch("uge", 32, index, constant32(builder, 4), low, outside);
      begin(builder, low);
      builder.branch("ule", 32, index, constant32(builder, 9), inside, outside);
      begin(builder, inside);
      const slot = builder.stackSlot(16, 8);
      builder.return(builder.load(8, builder.binary("add", 64, slot, builder.zeroExtend(index, 32, 64)), 0));
      begin(builder, outside);
      builder.return(constant32(builder, 0));
    };
    expect(dumpAfter("merge-ranges", make)).toMatch(/if .* if /s);
  });

  test("at the end of a loop", () => {
    const make = (builder: FunctionBuilder): void => {
      const [head, low, body, after] = ["head", "low", "body", "after"].map((name) => builder.block(name));
      if (head === undefined || low === undefined || body === undefined || after === undefined) return;
      const counter = builder.variable(32);
      builder.write(counter, byte(builder));
      builder.jump(head);
      builder.enter(head);
      builder.branch("uge", 32, builder.read(counter), constant32(builder, 4), low, after);
      begin(builder, low);
      builder.branch("ule", 32, builder.read(counter), constant32(builder, 9), body, after);
      begin(builder, body);
      builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
      builder.jump(head);
      builder.seal(head);
      begin(builder, after);
      builder.return(constant32(builder, 0));
    };
    expect(dumpAfter("merge-ranges", make)).toMatch(/if .* if /s);
  });
});

test("a comparison of bits is no range", () => {
  expect(assembly(everyGroup(all(["set", 8], ["ule", 57])))).toContain("& 8");
});

import { describe, expect, test } from "vitest";
import type { Code, CodeAction, CodeBlock, CodeEnd, CodeFunction } from "../../../src/code/code.ts";
import { hoistMoves } from "../../../src/code/hoist-moves.ts";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

/** Stores 3 in the context for long packets, and 1 for others. */
function weigh(builder: FunctionBuilder): void {
  const [long, after] = [builder.block("long"), builder.block("after")];
  const context = builder.parameter(0);
  const weight = builder.variable(32);
  builder.write(weight, constant32(builder, 1));
  builder.branch("ugt", 32, builder.load(32, context, 4), constant32(builder, 1000), long, after);
  begin(builder, long);
  builder.write(weight, constant32(builder, 3));
  builder.jump(after);
  begin(builder, after);
  builder.store(32, context, 8, builder.binary("add", 32, builder.load(32, context, 8), builder.read(weight)));
  builder.return(constant32(builder, 2));
}

test("of two arms that give a register its value one does so before the branch", () => {
  expect(assembly(weigh, { without: ["hoist-moves"] })).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 4)
       1: if w0 <= 1000 goto +6
       2: r2 = 3
       3: r0 = *(u32 *)(r1 + 8)
       4: w0 += w2
       5: *(u32 *)(r1 + 8) = r0
       6: r0 = 2
       7: exit
       8: r2 = 1
       9: goto -7
    "
  `);
  expect(assembly(weigh)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 4)
       1: r2 = 3
       2: if w0 > 1000 goto +1
       3: r2 = 1
       4: r0 = *(u32 *)(r1 + 8)
       5: w0 += w2
       6: *(u32 *)(r1 + 8) = r0
       7: r0 = 2
       8: exit
    "
  `);
});

/** A branch with two arms that meet again. */
interface Diamond {
  readonly left?: number;
  readonly one: readonly CodeAction[];
  readonly other: readonly CodeAction[];
  /** How likely one of the arms runs. */
  readonly likelihood?: number;
  /** Whether something else goes to an arm, too. */
  readonly entered?: boolean;
  /** Whether one of them does not go where the other one does. */
  readonly apart?: boolean;
}

/** What is before the branch then, and in those of its arms that are left. */
function hoisted({
  left = 1,
  one,
  other,
  likelihood = 1 / 2,
  entered = false,
  apart = false,
}: Diamond): readonly string[] {
  const position = undefined;
  const code = (actions: readonly CodeAction[]): Code[] => actions.map((action) => ({ ...action, position }));
  const block = (name: string, often: number, actions: readonly CodeAction[], end: CodeEnd): CodeBlock => {
    return { id: blocks.length, name, frequency: often, code: code(actions), end };
  };
  const blocks: CodeBlock[] = [];
  const after = block("after", 1, [], { kind: "exit", position });
  const arms = [one, other].map((actions, index) => {
    const often = index === 0 ? likelihood : 1 - likelihood;
    const end: CodeEnd = apart && index > 0 ? { kind: "exit", position } : { kind: "jump", target: after, position };
    return block("arm", often, actions, end);
  });
  const [whenTrue = after, whenFalse = after] = arms;
  const right = { immediate: 7 };
  const ways = { whenTrue, whenFalse, likelihood };
  const branch = { kind: "branch", comparison: "eq", width: 32, left, right, ...ways, position } as const;
  blocks.push(block("before", 1, [], branch), ...arms, after);
  if (entered) blocks.push(block("elsewhere", 1, [], { kind: "jump", target: whenTrue, position }));
  const made: CodeFunction = { name: "program", position, blocks, frame: 0, nextRegister: 16 };
  hoistMoves(made);
  return made.blocks
    .filter(({ name }) => name === "before" || name === "arm")
    .map(({ name, code: left }) => `${name}: ${left.map(({ kind }) => kind).join(" ")}`);
}

const constant = (to: number): CodeAction => ({ kind: "constant", to, value: 1n });
const move = (to: number, from: number): CodeAction => ({ kind: "move", to, from });
const load = (to: number, base: number): CodeAction => ({ kind: "load", bits: 32, to, base, offset: 0 });
const call = (parameters: number): CodeAction => ({ kind: "call", target: { helper: 5 }, arguments: parameters });

describe("an arm of one move is done before the branch", () => {
  test.for<[string, Diamond]>([
    ["a constant", { one: [constant(3)], other: [load(3, 4)] }],
    ["a copy", { one: [move(3, 2)], other: [load(3, 4)] }],
    ["behind something else", { one: [constant(3)], other: [constant(5), load(3, 4)] }],
    ["that a call loses", { one: [constant(3)], other: [call(2), load(7, 4)] }],
  ])("%s", ([, diamond]) => {
    const [before, ...arms] = hoisted(diamond);
    expect(before).toMatch(/^before: (constant|move)$/);
    expect(arms).toHaveLength(1);
    expect(hoisted({ ...diamond, one: diamond.other, other: diamond.one })[0]).toBe(before);
  });

  test("rather the one that waits for nothing", () => {
    for (const [one, other] of [
      [constant(3), move(3, 2)],
      [move(3, 2), constant(3)],
    ] as const) {
      expect(hoisted({ one: [one], other: [other] })).toStrictEqual(["before: constant", "arm: move"]);
    }
  });
});

describe("but not", () => {
  test.for<[string, Diamond]>([
    ["where the branch looks at the register", { left: 3, one: [constant(3)], other: [load(3, 4)] }],
    ["where the other arm keeps what the register has", { one: [constant(3)], other: [load(5, 4)] }],
    ["where the other arm looks at what the register has", { one: [constant(3)], other: [load(3, 3)] }],
    ["where the other arm gives it to a call", { one: [constant(2)], other: [call(2)] }],
    ["a copy of what the branch looks at", { one: [move(3, 1)], other: [load(3, 4)] }],
    ["more than a move", { one: [constant(3), constant(5)], other: [load(3, 4), load(5, 4)] }],
    ["what depends on memory", { one: [load(3, 2)], other: [load(3, 4)] }],
    ["where one arm hardly ever runs", { one: [constant(3)], other: [load(3, 4)], likelihood: 1 / 16 }],
    ["where the arms do not meet", { one: [constant(3)], other: [load(3, 4)], apart: true }],
    ["what others go to as well", { one: [constant(3)], other: [load(3, 4)], entered: true }],
  ])("%s", ([, diamond]) => {
    const [before, ...arms] = hoisted(diamond);
    expect(before).toBe("before: ");
    expect(arms).toHaveLength(2);
  });
});

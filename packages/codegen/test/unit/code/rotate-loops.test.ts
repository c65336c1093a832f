import { describe, expect, test } from "vitest";
import type { FunctionBuilder, PassName } from "../../../src/index.ts";
import { assembly, begin, constant32 } from "../../dump.ts";

interface Loop {
  /** Instructions before the test whether there is another round. */
  readonly before?: number;
  /** Whether the loop ends where it begins. */
  readonly endsAtHead?: boolean;
  /** Whether a round may end the loop behind its work as well. */
  readonly endsInMiddle?: boolean;
}

/** Takes bits off a number until there are none, or until that many are gone. */
function takeBits({ before = 0, endsAtHead = true, endsInMiddle = true }: Loop) {
  return (builder: FunctionBuilder): void => {
    const [head, round, after] = [builder.block("head"), builder.block("round"), builder.block("after")];
    const context = builder.parameter(0);
    const [bits, taken] = [builder.variable(32), builder.variable(32)];
    builder.write(bits, builder.load(32, context, 0));
    builder.write(taken, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    let asked = builder.read(bits);
    for (let index = 0; index < before; index++) {
      asked = builder.binary("xor", 32, asked, builder.load(32, context, 4 + 4 * index));
    }
    if (endsAtHead) {
      builder.branch("eq", 32, asked, constant32(builder, 0), after, round);
    } else {
      const other = builder.block("other");
      builder.branch("eq", 32, asked, constant32(builder, 0), other, round);
      begin(builder, other);
      builder.store(32, context, 8, asked);
      builder.jump(round);
    }
    begin(builder, round);
    const now = builder.read(bits);
    builder.write(bits, builder.binary("and", 32, now, builder.binary("sub", 32, now, constant32(builder, 1))));
    builder.write(taken, builder.binary("add", 32, builder.read(taken), constant32(builder, 1)));
    if (endsInMiddle) {
      builder.branch("ult", 32, builder.read(taken), constant32(builder, 100), head, after);
    } else {
      builder.jump(head);
    }
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(taken));
  };
}

const without: readonly PassName[] = ["hoist-invariants"];

function changes(loop: Loop): boolean {
  const make = takeBits(loop);
  return assembly(make, { without }) !== assembly(make, { without: [...without, "rotate-loops"] });
}

test("a round does not jump back to be told whether there is another one", () => {
  const make = takeBits({ endsInMiddle: false });
  expect(assembly(make, { without: ["rotate-loops"] })).toMatchInlineSnapshot(`
    "
       0: r2 = *(u32 *)(r1 + 0)
       1: r0 = 0
       2: if w2 == 0 goto +5
       3: r1 = r2
       4: w1 += -1
       5: w2 &= w1
       6: w0 += 1
       7: goto -6
       8: exit
    "
  `);
  expect(assembly(make)).toMatchInlineSnapshot(`
    "
       0: r2 = *(u32 *)(r1 + 0)
       1: r0 = 0
       2: if w2 == 0 goto +5
       3: r1 = r2
       4: w1 += -1
       5: w2 &= w1
       6: w0 += 1
       7: if w2 != 0 goto -5
       8: exit
    "
  `);
});

test("nor where it may end in its middle, too", () => {
  expect(assembly(takeBits({}), { without: ["rotate-loops"] })).toMatchInlineSnapshot(`
    "
       0: r2 = *(u32 *)(r1 + 0)
       1: r0 = 0
       2: if w2 == 0 goto +5
       3: r1 = r2
       4: w1 += -1
       5: w2 &= w1
       6: w0 += 1
       7: if w0 < 100 goto -6
       8: exit
    "
  `);
  expect(assembly(takeBits({}))).toMatchInlineSnapshot(`
    "
       0: r2 = *(u32 *)(r1 + 0)
       1: r0 = 0
       2: if w2 == 0 goto +6
       3: r1 = r2
       4: w1 += -1
       5: w2 &= w1
       6: w0 += 1
       7: if w0 >= 100 goto +1
       8: if w2 != 0 goto -6
       9: exit
    "
  `);
});

describe("a test is copied", () => {
  test("of two instructions and a branch", () => expect(changes({ before: 1 })).toBe(true));
  test("not of more", () => expect(changes({ before: 2 })).toBe(false));
  test("not where both ways go on", () => expect(changes({ endsAtHead: false })).toBe(false));
});

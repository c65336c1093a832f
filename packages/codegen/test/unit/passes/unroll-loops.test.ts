import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

interface Around {
  /** It also ends where the sum becomes so large. */
  readonly limit?: number;
  /** Values that are computed before the loop. */
  readonly before?: number;
}

/** Adds up so many words of the context. */
const addWords =
  (words: number, { limit, before = 0 }: Around = {}) =>
  (builder: FunctionBuilder): void => {
    for (let value = 0; value < before; value++) builder.load(8, builder.parameter(0), value);
    const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
    const [counter, sum] = [builder.variable(32), builder.variable(32)];
    builder.write(counter, constant32(builder, 0));
    builder.write(sum, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), constant32(builder, words), body, after);
    begin(builder, body);
    const word = builder.load(32, builder.parameter(0), 8);
    builder.write(sum, builder.binary("add", 32, builder.read(sum), word));
    if (limit !== undefined) {
      const on = builder.block("on");
      builder.write(sum, builder.binary("mul", 32, builder.read(sum), constant32(builder, 3)));
      builder.branch("ugt", 32, builder.read(sum), constant32(builder, limit), after, on);
      begin(builder, on);
    }
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(sum));
  };

test("a loop of two rounds is written out", () => {
  expect(dumpAfter("unroll-loops", addWords(2))).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      jump head.4
    head.4: ; from entry.0
      jump body.5
    body.5: ; from head.4
      v0:32 = load u32 +8 parameter 0
      v1:32 = add v0, 0
      v2:32 = add 0, 1
      jump head.6
    head.6: ; from body.5
      jump body.7
    body.7: ; from head.6
      v3:32 = load u32 +8 parameter 0
      v4:32 = add v3, v1
      v5:32 = add v2, 1
      jump head.8
    head.8: ; from body.7
      jump after.3
    after.3: ; from head.8
      return v4
    "
  `);
});

test("a loop of many rounds stays a loop", () => {
  expect(dumpAfter("unroll-loops", addWords(100))).toContain("phi");
});

test("of loops that may end otherwise only short ones are written out, and in small functions others", () => {
  const dump = (words: number, before: number): string =>
    dumpAfter("unroll-loops", addWords(words, { limit: 1000, before }));
  expect(dump(8, 200)).not.toContain("body.2:");
  expect(dump(16, 20)).not.toContain("body.2:");
  expect(dump(16, 200)).toContain("body.2:");
});

/** Looks up so many keys in turn and counts what is found, until one is missing. */
const countKeys =
  (keys: number) =>
  (builder: FunctionBuilder): void => {
    const [head, body] = [builder.block("head"), builder.block("body")];
    const [found, after] = [builder.block("found"), builder.block("after")];
    const counter = builder.variable(32);
    const key = builder.stackSlot(4, 4);
    builder.write(counter, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), constant32(builder, keys), body, after);
    begin(builder, body);
    builder.store(32, key, 0, builder.read(counter));
    const count = builder.callHelper(1, [builder.mapAddress("MAP"), key]);
    builder.branch("eq", 64, count, builder.constant(64, 0n), after, found);
    begin(builder, found);
    builder.store(32, count, 0, builder.binary("add", 32, builder.load(32, count, 0), constant32(builder, 1)));
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(counter));
  };

test("some look-ups are written out, more are left in their loop", () => {
  expect(dumpAfter("unroll-loops", countKeys(6))).not.toContain("body.2:");
  expect(dumpAfter("unroll-loops", countKeys(7))).toContain("body.2:");
});

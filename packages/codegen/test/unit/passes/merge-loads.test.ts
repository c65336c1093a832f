import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

/** One of two counters grows, then both are added; `between` is done where the ways have met. */
const twoCounters =
  (between: (builder: FunctionBuilder, memory: Value) => void) =>
  (builder: FunctionBuilder): void => {
    const memory = builder.callHelper(1, []);
    const [one, other, after] = [builder.block("one"), builder.block("other"), builder.block("after")];
    builder.branch("eq", 32, builder.load(8, builder.parameter(0), 0), constant32(builder, 1), one, other);
    for (const [block, offset] of [
      [one, 0],
      [other, 8],
    ] as const) {
      begin(builder, block);
      const grown = builder.binary("add", 64, builder.load(64, memory, offset), builder.constant(64, 1n));
      builder.store(64, memory, offset, grown);
      builder.jump(after);
    }
    begin(builder, after);
    between(builder, memory);
    builder.return(builder.binary("add", 64, builder.load(64, memory, 0), builder.load(64, memory, 8)));
  };

test("what one way has stored and the other has not is loaded on the other way", () => {
  expect(
    dumpAfter(
      "merge-loads",
      twoCounters(() => {}),
    ),
  ).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:64 = call helper 1
      v1:32 = load u8 +0 parameter 0
      if v1 ==32 1 one.1 else other.2
    one.1: ; from entry.0
      v2:64 = load u64 +0 v0
      v3:64 = add v2, 1
      store u64 +0 v0, v3
      v4:64 = load u64 +8 v0
      jump after.3
    other.2: ; from entry.0
      v5:64 = load u64 +8 v0
      v6:64 = add v5, 1
      store u64 +8 v0, v6
      v7:64 = load u64 +0 v0
      jump after.3
    after.3: ; from one.1, other.2
      v8:64 = phi v3, v7
      v9:64 = phi v4, v6
      v10:64 = add v8, v9
      return v10
    "
  `);
});

test("not behind a write to it where the ways have met", () => {
  const loads = (text: string): number => text.match(/load u64/g)?.length ?? 0;
  const store = (builder: FunctionBuilder, memory: Value): void => builder.store(8, memory, 3, constant32(builder, 1));
  const text = dumpAfter("merge-loads", twoCounters(store));
  // The first counter is loaded again, the second one is not.
  expect(text.slice(text.indexOf("after."))).toMatch(/load u64 \+0/);
  expect(text.slice(text.indexOf("\nafter."))).not.toMatch(/load u64 \+8/);
  expect(loads(text)).toBe(4);
});

test("not behind a call", () => {
  const call = (builder: FunctionBuilder): void => void builder.callHelper(1, []);
  expect(dumpAfter("merge-loads", twoCounters(call))).not.toContain("phi");
});

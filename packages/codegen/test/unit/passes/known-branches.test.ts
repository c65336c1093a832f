import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { begin, constant32, dumpAfter, packetPointers } from "../../dump.ts";

test("a bounds check of no more bytes than one before is decided", () => {
  const make = (builder: FunctionBuilder): void => {
    const [data, end] = packetPointers(builder);
    const [large, small, larger, outside] = ["large", "small", "larger", "outside"].map((name) => builder.block(name));
    if (large === undefined || small === undefined || larger === undefined || outside === undefined) return;
    const zero = constant32(builder, 0);
    builder.packetAccess(data, end, zero, 34, large, outside);
    begin(builder, large);
    builder.packetAccess(data, end, zero, 14, small, outside);
    begin(builder, small);
    builder.packetAccess(data, end, zero, 54, larger, outside);
    begin(builder, larger);
    builder.return(constant32(builder, 1));
    begin(builder, outside);
    builder.return(zero);
  };
  const text = dumpAfter("known-branches", make);
  expect(text.match(/^ {2}if .*$/gm)).toEqual([
    "  if v3 >64 v4 outside.4 else large.1",
    "  if v6 >64 v4 outside.4 else larger.3",
  ]);
  expect(text).toContain("large.1: ; from entry.0\n  v5:64 = add v2, 0xe\n  jump small.2");
});

test("a question that a branch before has answered is decided", () => {
  const make = (builder: FunctionBuilder): void => {
    const type = builder.load(16, builder.parameter(0), 12);
    const [is, isNot, again, never] = ["is", "is-not", "again", "never"].map((name) => builder.block(name));
    if (is === undefined || isNot === undefined || again === undefined || never === undefined) return;
    builder.branch("eq", 32, type, constant32(builder, 8), is, isNot);
    begin(builder, is);
    builder.branch("ugt", 32, type, constant32(builder, 20), never, again);
    begin(builder, isNot);
    builder.branch("ne", 32, type, constant32(builder, 8), again, never);
    begin(builder, again);
    builder.return(constant32(builder, 1));
    begin(builder, never);
    builder.return(constant32(builder, 2));
  };
  expect(dumpAfter("known-branches", make)).toBe(`
function program(1)
entry.0:
  v0:32 = load u16 +12 parameter 0
  if v0 ==32 8 is.1 else is-not.2
is.1: ; from entry.0
  jump again.3
is-not.2: ; from entry.0
  jump again.3
again.3: ; from is.1, is-not.2
  return 1
`);
});

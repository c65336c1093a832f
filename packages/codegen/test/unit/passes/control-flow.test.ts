import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

/** Two blocks that only jump on, and two returns of 2. */
function detours(builder: FunctionBuilder): void {
  const [yes, no, after, other] = ["yes", "no", "after", "other"].map((name) => builder.block(name));
  if (yes === undefined || no === undefined || after === undefined || other === undefined) return;
  const type = builder.load(16, builder.parameter(0), 12);
  builder.branch("eq", 32, type, constant32(builder, 8), yes, no);
  begin(builder, yes);
  builder.jump(after);
  begin(builder, after);
  builder.store(32, builder.stackSlot(4, 4), 0, type);
  builder.return(constant32(builder, 2));
  begin(builder, no);
  builder.jump(other);
  begin(builder, other);
  builder.return(constant32(builder, 2));
}

test("thread-jumps takes out blocks that only jump, and joins blocks in a row", () => {
  expect(dumpAfter("thread-jumps", detours)).toBe(`
function program(1)
entry.0:
  v0:32 = load u16 +12 parameter 0
  if v0 ==32 8 after.3 else other.4
after.3: ; from entry.0
  store u32 +0 stack slot0 (4 bytes), v0
  return 2
other.4: ; from entry.0
  return 2
`);
});

test("merge-returns lets returns of one constant share a block", () => {
  const text = dumpAfter("merge-returns", detours);
  expect(text.match(/return 2/g)).toHaveLength(1);
  expect(text).toContain("return.5: ; from after.3, other.4\n  return 2");
});

test("dead-code drops what nobody needs, and keeps stores, calls and volatile loads", () => {
  const make = (builder: FunctionBuilder): void => {
    const context = builder.parameter(0);
    builder.binary("mul", 32, builder.load(32, context, 0), builder.load(32, context, 4));
    builder.load(32, context, 8, { volatile: true });
    builder.callHelper(5, []);
    builder.return(constant32(builder, 1));
  };
  expect(dumpAfter("dead-code", make)).toBe(`
function program(1)
entry.0:
  v0:32 = load u32 volatile +8 parameter 0
  v1:64 = call helper 5
  return 1
`);
});

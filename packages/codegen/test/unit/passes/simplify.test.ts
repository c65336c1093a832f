import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { begin, constant32, dumpAfter, packetPointers } from "../../dump.ts";

test("folds what only the finished phis show to be constant", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
    const [fixed, counter] = [builder.variable(32), builder.variable(32)];
    builder.write(fixed, constant32(builder, 3));
    builder.write(counter, builder.load(32, builder.parameter(0), 12));
    builder.jump(head);
    builder.enter(head);
    builder.branch("eq", 32, builder.read(counter), constant32(builder, 0), after, body);
    begin(builder, body);
    // While the loop is open, nobody knows that `fixed` does not change in it.
    const scaled = builder.binary("mul", 32, builder.read(fixed), constant32(builder, 5));
    builder.write(counter, builder.binary("sub", 32, builder.read(counter), scaled));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(fixed));
  };
  expect(dumpAfter("simplify", make)).toBe(`
function program(1)
entry.0:
  v0:32 = load u32 +12 parameter 0
  jump head.1
head.1: ; from entry.0, body.2
  v1:32 = phi v0, v2
  if v1 ==32 0 after.3 else body.2
after.3: ; from head.1
  return 3
body.2: ; from head.1
  v2:32 = add v1, 0xfffffff1
  jump head.1
`);
});

test("does not load again what has not changed", () => {
  const make = (builder: FunctionBuilder): void => {
    const [data, end] = packetPointers(builder);
    const [inside, outside] = [builder.block("inside"), builder.block("outside")];
    const frame = builder.packetAccess(data, end, constant32(builder, 0), 14, inside, outside);
    begin(builder, outside);
    builder.return(constant32(builder, 0));
    begin(builder, inside);
    const slot = builder.stackSlot(8, 8);
    const first = builder.load(16, frame, 12);
    // The stack is other memory, and so are other bytes of the packet.
    builder.store(32, slot, 0, first);
    builder.store(8, frame, 0, constant32(builder, 1));
    const again = builder.load(16, frame, 12);
    builder.store(16, frame, 12, constant32(builder, 2));
    const changed = builder.load(16, frame, 12);
    const stored = builder.load(32, slot, 0);
    const sum = builder.binary("add", 32, builder.binary("add", 32, first, again), changed);
    builder.return(builder.binary("xor", 32, sum, stored));
  };
  const text = dumpAfter("simplify", make);
  expect(text.match(/load u16/g)).toHaveLength(2);
  expect(text).not.toContain("load u32 +0 stack");
});

test("loads again behind a call, and what is volatile always", () => {
  const make = (builder: FunctionBuilder): void => {
    const value = builder.callHelper(1, [builder.mapAddress("MAP"), builder.stackSlot(4, 4)]);
    const first = builder.load(64, value, 0);
    builder.callHelper(1, [builder.mapAddress("MAP"), builder.stackSlot(4, 4)]);
    const behind = builder.load(64, value, 0);
    const twice = builder.load(64, value, 8, { volatile: true });
    const both = builder.binary("xor", 64, twice, builder.load(64, value, 8, { volatile: true }));
    builder.return(builder.binary("xor", 64, builder.binary("xor", 64, first, behind), both));
  };
  const text = dumpAfter("simplify", make);
  expect(text.match(/load u64 \+0/g)).toHaveLength(2);
  expect(text.match(/load u64 volatile \+8/g)).toHaveLength(2);
});

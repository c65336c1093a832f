import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter, resultAfter } from "../../dump.ts";
import { exchange, places } from "../../places.ts";

test("what has failed one check is not asked the next question", () => {
  const make = (builder: FunctionBuilder): void => {
    const found = (offset: number): Value => {
      const [inside, outside, both] = [builder.block("inside"), builder.block("outside"), builder.block("both")];
      const header = builder.variable(64);
      const [data, end] = [builder.load(32, builder.parameter(0), 0), builder.load(32, builder.parameter(0), 4)];
      const at = builder.packetAccess(data, end, builder.constant(64, BigInt(offset)), 4, inside, outside);
      begin(builder, inside);
      builder.write(header, at);
      builder.jump(both);
      begin(builder, outside);
      builder.write(header, builder.constant(64, 0n));
      builder.jump(both);
      begin(builder, both);
      return builder.read(header);
    };
    const [first, second] = [found(0), found(4)];
    const [one, two, short] = [builder.block("one"), builder.block("two"), builder.block("short")];
    builder.branch("eq", 64, first, builder.constant(64, 0n), short, one);
    begin(builder, one);
    builder.branch("eq", 64, second, builder.constant(64, 0n), short, two);
    begin(builder, two);
    builder.return(builder.load(32, second, 0));
    begin(builder, short);
    builder.return(constant32(builder, 1));
  };
  expect(dumpAfter("thread-paths", make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = load u32 +4 parameter 0
      v2:64 = zero-extend v0
      v3:64 = add v2, 4
      v4:64 = zero-extend v1
      if v3 >64 v4 way.10 else way.11
    way.10: ; from entry.0
      jump short.9
    way.11: ; from entry.0
      jump both.3
    both.3: ; from way.11
      v5:32 = load u32 +0 parameter 0
      v6:32 = load u32 +4 parameter 0
      v7:64 = zero-extend v5
      v8:64 = add v7, 4
      v9:64 = add v7, 8
      v10:64 = zero-extend v6
      if v9 >64 v10 way.13 else way.14
    way.13: ; from both.3
      jump short.9
    way.14: ; from both.3
      jump both.6
    both.6: ; from way.14
      if v2 ==64 0 short.9 else one.7
    one.7: ; from both.6
      if v8 ==64 0 short.9 else two.8
    short.9: ; from both.6, one.7, way.10, way.13
      return 1
    two.8: ; from one.7
      v11:32 = load u32 +0 v8
      return v11
    "
  `);
});

test("what has an effect is not passed over", () => {
  const make = (builder: FunctionBuilder): void => {
    const [write, after, again, end] = ["write", "after", "again", "end"].map((name) => builder.block(name));
    if (write === undefined || after === undefined || again === undefined || end === undefined) return;
    const length = builder.load(32, builder.parameter(0), 12);
    const flag = builder.variable(32);
    builder.write(flag, constant32(builder, 0));
    builder.branch("eq", 32, length, constant32(builder, 7), write, after);
    begin(builder, write);
    builder.write(flag, constant32(builder, 1));
    builder.jump(after);
    begin(builder, after);
    builder.store(32, builder.parameter(0), 8, length);
    builder.branch("eq", 32, builder.read(flag), constant32(builder, 1), again, end);
    begin(builder, again);
    builder.return(constant32(builder, 2));
    begin(builder, end);
    builder.return(constant32(builder, 3));
  };
  expect(dumpAfter("thread-paths", make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +12 parameter 0
      if v0 ==32 7 way.5 else after.2
    way.5: ; from entry.0
      jump after.2
    after.2: ; from entry.0, way.5
      v1:32 = phi 0, 1
      store u32 +8 parameter 0, v0
      if v1 ==32 1 again.3 else end.4
    again.3: ; from after.2
      return 2
    end.4: ; from after.2
      return 3
    "
  `);
});

/** Stores a number and halves it as long as it is not 0, as `while` does. */
function halve(start: (builder: FunctionBuilder) => Value) {
  return (builder: FunctionBuilder): void => {
    const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
    const left = builder.variable(32);
    builder.write(left, start(builder));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ne", 32, builder.read(left), constant32(builder, 0), body, after);
    begin(builder, body);
    builder.store(32, builder.parameter(0), 0, builder.read(left));
    builder.write(left, builder.binary("shr", 32, builder.read(left), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(left));
  };
}

test("a loop whose first round is sure is tested at its end", () => {
  const known = halve((builder) => constant32(builder, 1000));
  expect(dumpAfter("thread-paths", known)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      jump way.4
    way.4: ; from entry.0
      jump body.2
    body.2: ; from head.1, way.4
      v0:32 = phi v1, 0x3e8
      store u32 +0 parameter 0, v0
      v1:32 = shr v0, 1
      jump head.1
    head.1: ; from body.2
      if v1 !=32 0 body.2 else after.3
    after.3: ; from head.1
      return v1
    "
  `);
});

test("a loop that may have no round at all is tested at its beginning", () => {
  const unknown = halve((builder) => builder.load(32, builder.parameter(0), 0));
  expect(dumpAfter("thread-paths", unknown)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      jump head.1
    head.1: ; from entry.0, body.2
      v1:32 = phi v0, v2
      if v1 !=32 0 body.2 else after.3
    body.2: ; from head.1
      store u32 +0 parameter 0, v1
      v2:32 = shr v1, 1
      jump head.1
    after.3: ; from head.1
      return v1
    "
  `);
});

test("numbers that change places in a round keep them where the way back is shortened", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, ask, round, one, other, next, after] = ["head", "ask", "round", "one", "other", "next", "after"].map(
      (name) => builder.block(name),
    );
    if (head === undefined || ask === undefined || round === undefined || next === undefined) return;
    if (one === undefined || other === undefined || after === undefined) return;
    const [count, left, right] = [builder.variable(32), ...places(builder)];
    builder.write(count, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.jump(ask);
    begin(builder, ask);
    // Made on the way to the first round and used there: that way stays as it is.
    const rounds = builder.binary("add", 32, builder.read(count), constant32(builder, 1));
    builder.branch("ult", 32, builder.read(count), constant32(builder, 4), round, after);
    begin(builder, round);
    exchange(builder, left, right);
    builder.write(count, rounds);
    const slot = builder.stackSlot(8, 8);
    const queue = builder.load(32, builder.parameter(0), 16);
    builder.branch("eq", 32, queue, constant32(builder, 0), one, other);
    for (const [way, offset] of [
      [one, 0],
      [other, 4],
    ] as const) {
      begin(builder, way);
      builder.store(32, slot, offset, constant32(builder, 1));
      builder.jump(next);
    }
    begin(builder, next);
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.binary("add", 32, builder.read(left), builder.read(count)));
  };
  expect(resultAfter("thread-paths", make)).toBe(11n);
});

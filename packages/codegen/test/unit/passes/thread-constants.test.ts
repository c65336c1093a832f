import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { begin, constant32, dumpAfter, resultAfter } from "../../dump.ts";
import { exchange, places } from "../../places.ts";

test("a loop whose first test is known is tested at its end", () => {
  const make = (builder: FunctionBuilder): void => {
    const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
    const [counter, sum] = [builder.variable(32), builder.variable(32)];
    const step = builder.load(32, builder.parameter(0), 12);
    builder.write(counter, constant32(builder, 0));
    builder.write(sum, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), constant32(builder, 4), body, after);
    begin(builder, body);
    builder.write(sum, builder.binary("add", 32, builder.read(sum), step));
    builder.write(counter, builder.binary("add", 32, builder.read(counter), constant32(builder, 1)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(sum));
  };
  expect(dumpAfter("thread-constants", make)).toBe(`
function program(1)
entry.0:
  v0:32 = load u32 +12 parameter 0
  jump way.4
way.4: ; from entry.0
  jump body.2
body.2: ; from head.1, way.4
  v1:32 = phi v3, 0
  v2:32 = phi v4, 0
  v3:32 = add v0, v1
  v4:32 = add v2, 1
  jump head.1
head.1: ; from body.2
  if v4 <32 4 body.2 else after.3
after.3: ; from head.1
  return v3
`);
});

test("a flag that was just set is not asked for", () => {
  const make = (builder: FunctionBuilder): void => {
    const [yes, no, ask, set, clear] = ["yes", "no", "ask", "set", "clear"].map((name) => builder.block(name));
    if (yes === undefined || no === undefined || ask === undefined || set === undefined || clear === undefined) return;
    const flag = builder.variable(32);
    const type = builder.load(16, builder.parameter(0), 12);
    builder.branch("eq", 32, type, constant32(builder, 8), yes, no);
    begin(builder, yes);
    builder.write(flag, constant32(builder, 1));
    builder.jump(ask);
    begin(builder, no);
    builder.write(flag, constant32(builder, 0));
    builder.jump(ask);
    begin(builder, ask);
    builder.branch("ne", 32, builder.read(flag), constant32(builder, 0), set, clear);
    begin(builder, set);
    builder.return(builder.read(flag));
    begin(builder, clear);
    builder.return(constant32(builder, 7));
  };
  expect(dumpAfter("thread-constants", make)).toBe(`
function program(1)
entry.0:
  v0:32 = load u16 +12 parameter 0
  if v0 ==32 8 yes.1 else no.2
yes.1: ; from entry.0
  jump way.6
way.6: ; from yes.1
  jump set.4
set.4: ; from way.6
  return 1
no.2: ; from entry.0
  jump way.7
way.7: ; from no.2
  jump clear.5
clear.5: ; from way.7
  return 7
`);
});

test("numbers that change places in a round keep them where the way back is shortened", () => {
  // Three rounds: the question whether there is another one is known on each way back.
  const make = (builder: FunctionBuilder): void => {
    const [head, round, again, last, after] = ["head", "round", "again", "last", "after"].map((name) =>
      builder.block(name),
    );
    if (head === undefined || round === undefined || again === undefined) return;
    if (last === undefined || after === undefined) return;
    const [done, count, left, right] = [builder.variable(32), builder.variable(32), ...places(builder)];
    // It is 0, which nobody knows: the way into the loop stays as it is.
    builder.write(done, builder.load(32, builder.parameter(0), 16));
    builder.write(count, constant32(builder, 0));
    builder.jump(head);
    builder.enter(head);
    builder.branch("eq", 32, builder.read(done), constant32(builder, 0), round, after);
    begin(builder, round);
    exchange(builder, left, right);
    const rounds = builder.binary("add", 32, builder.read(count), constant32(builder, 1));
    builder.write(count, rounds);
    builder.branch("ult", 32, rounds, constant32(builder, 3), again, last);
    for (const [way, value] of [
      [again, 0],
      [last, 1],
    ] as const) {
      begin(builder, way);
      builder.write(done, constant32(builder, value));
      builder.jump(head);
    }
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.binary("add", 32, builder.read(left), builder.read(count)));
  };
  expect(resultAfter("thread-constants", make)).toBe(73n);
});

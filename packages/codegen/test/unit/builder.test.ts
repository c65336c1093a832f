import { expect, test } from "vitest";
import { begin, constant32, dumpBuilt } from "../dump.ts";

test("variables become phis where ways with different values meet", () => {
  const text = dumpBuilt((builder) => {
    const [yes, after] = [builder.block("yes"), builder.block("after")];
    const [changed, same] = [builder.variable(32), builder.variable(32)];
    const length = builder.load(32, builder.parameter(0), 16);
    builder.write(changed, constant32(builder, 1));
    builder.write(same, length);
    builder.branch("eq", 32, length, constant32(builder, 5), yes, after);
    begin(builder, yes);
    builder.write(changed, constant32(builder, 2));
    builder.jump(after);
    begin(builder, after);
    builder.return(builder.binary("add", 32, builder.read(changed), builder.read(same)));
  });
  expect(text).toBe(`
function program(1)
entry.0:
  v0:32 = load u32 +16 parameter 0
  if v0 ==32 5 yes.1 else after.2
yes.1: ; from entry.0
  jump after.2
after.2: ; from entry.0, yes.1
  v1:32 = phi 1, 2
  v2:32 = add v0, v1
  return v2
`);
});

test("a loop has phis only for what changes in it", () => {
  const text = dumpBuilt((builder) => {
    const [head, body, after] = [builder.block("head"), builder.block("body"), builder.block("after")];
    const [counter, step] = [builder.variable(32), builder.variable(32)];
    builder.write(counter, constant32(builder, 0));
    builder.write(step, builder.load(8, builder.parameter(0), 12));
    builder.jump(head);
    builder.enter(head);
    builder.branch("ult", 32, builder.read(counter), constant32(builder, 10), body, after);
    begin(builder, body);
    builder.write(counter, builder.binary("add", 32, builder.read(counter), builder.read(step)));
    builder.jump(head);
    builder.seal(head);
    begin(builder, after);
    builder.return(builder.read(counter));
  });
  expect(text).toBe(`
function program(1)
entry.0:
  v0:32 = load u8 +12 parameter 0
  jump head.1
head.1: ; from entry.0, body.2
  v1:32 = phi 0, v2
  if v1 <32 0xa body.2 else after.3
body.2: ; from head.1
  v2:32 = add v1, v0
  jump head.1
after.3: ; from head.1
  return v1
`);
});

test("code behind a return is dropped and changes nothing", () => {
  const text = dumpBuilt((builder) => {
    const variable = builder.variable(32);
    builder.write(variable, constant32(builder, 1));
    builder.return(builder.read(variable));
    expect(builder.reachable).toBe(false);
    builder.write(variable, constant32(builder, 2));
    builder.store(32, builder.parameter(0), 0, builder.read(variable));
    builder.return(builder.read(variable));
  });
  expect(text).toBe("\nfunction program(1)\nentry.0:\n  return 1\n");
});

test("accesses to one place of the packet share a pointer, whatever constants are added", () => {
  const text = dumpBuilt((builder) => {
    const [data, end] = [0, 4].map((field) => builder.load(32, builder.parameter(0), field));
    if (data === undefined || end === undefined) return;
    const [first, second, outside] = [builder.block("first"), builder.block("second"), builder.block("outside")];
    const header = builder.binary("and", 32, builder.load(32, builder.parameter(0), 16), constant32(builder, 60));
    const fixed = builder.packetAccess(data, end, header, 4, first, outside);
    begin(builder, first);
    const behind = builder.binary("add", 32, header, constant32(builder, 8));
    const further = builder.packetAccess(data, end, behind, 2, second, outside);
    begin(builder, second);
    builder.return(builder.binary("add", 32, builder.load(32, fixed, 0), builder.load(16, further, 0)));
    begin(builder, outside);
    builder.return(constant32(builder, 1));
  });
  // v6 is the pointer; both loads go through it.
  expect(text).toContain("load u32 +0 v6");
  expect(text).toContain("load u16 +8 v6");
});

import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter, packetPointers } from "../../dump.ts";

const LOOKUP = 1;
const MOVE_HEAD = 44;
const LOOP = 181;

/** Looks for a header, calls a helper, and asks then whether the header was there; `use` is what is done with the address. */
const askedLate =
  (helper: number, use: (builder: FunctionBuilder, address: Value) => Value, between = (_: FunctionBuilder) => {}) =>
  (builder: FunctionBuilder): void => {
    const [data, end] = packetPointers(builder);
    const [inside, outside, after, there, missing] = ["inside", "outside", "after", "there", "missing"].map((name) =>
      builder.block(name),
    );
    if (inside === undefined || outside === undefined || after === undefined) return;
    if (there === undefined || missing === undefined) return;
    const header = builder.variable(64);
    const address = builder.packetAccess(data, end, builder.constant(64, 0n), 14, inside, outside);
    begin(builder, inside);
    builder.write(header, address);
    builder.jump(after);
    begin(builder, outside);
    builder.write(header, builder.constant(64, 0n));
    builder.jump(after);
    begin(builder, after);
    builder.callHelper(helper, [builder.parameter(0)]);
    between(builder);
    builder.branch("eq", 64, builder.read(header), builder.constant(64, 0n), missing, there);
    begin(builder, missing);
    builder.return(constant32(builder, 0));
    begin(builder, there);
    builder.return(use(builder, builder.read(header)));
  };

const load = (builder: FunctionBuilder, address: Value): Value => builder.load(16, address, 12);

test("a null check behind a call becomes the check of the packet's length", () => {
  expect(dumpAfter("correlate-branches", askedLate(LOOKUP, load))).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = load u32 +4 parameter 0
      v2:64 = zero-extend v0
      v3:64 = zero-extend v1
      jump outside.2
    outside.2: ; from entry.0
      jump after.3
    after.3: ; from outside.2
      v4:64 = call helper 1 parameter 0
      v5:64 = add v2, 0xe
      if v5 >64 v3 missing.5 else there.4
    missing.5: ; from after.3
      return 0
    there.4: ; from after.3
      v6:32 = load u16 +12 v2
      return v6
    "
  `);
});

test("not where the packet may have been moved in between", () => {
  expect(dumpAfter("correlate-branches", askedLate(MOVE_HEAD, load))).toContain("phi");
});

test("not where a function is called back that may move it", () => {
  const callBack = (builder: FunctionBuilder): void =>
    void builder.callHelper(LOOP, [builder.functionAddress("program")]);
  const missing = dumpAfter("correlate-branches", askedLate(LOOKUP, load, callBack));
  expect(missing).toContain("phi");
});

test("what a choice asks is not done later", () => {
  const asked = (builder: FunctionBuilder): Value =>
    builder.callHelper(MOVE_HEAD, [builder.parameter(0), builder.constant(64, 8n)]);
  const added = (builder: FunctionBuilder): Value =>
    builder.atomicFetch("add", 64, builder.parameter(0), 24, builder.constant(64, 1n));
  for (const left of [asked, added]) {
    const make = (builder: FunctionBuilder): void => {
      const [yes, no, after, late, never] = ["yes", "no", "after", "late", "never"].map((name) => builder.block(name));
      if (yes === undefined || no === undefined || after === undefined || late === undefined || never === undefined)
        return;
      const flag = builder.variable(64);
      builder.branch("eq", 64, left(builder), builder.constant(64, 0n), yes, no);
      for (const [block, value] of [
        [yes, 1n],
        [no, 0n],
      ] as const) {
        begin(builder, block);
        builder.write(flag, builder.constant(64, value));
        builder.jump(after);
      }
      begin(builder, after);
      builder.store(8, builder.parameter(0), 40, constant32(builder, 7));
      builder.branch("ne", 64, builder.read(flag), builder.constant(64, 0n), late, never);
      begin(builder, late);
      builder.return(constant32(builder, 7));
      begin(builder, never);
      builder.return(constant32(builder, 8));
    };
    const text = dumpAfter("correlate-branches", make);
    expect(text.search(/call helper|atomic/)).toBeGreaterThan(-1);
    expect(text.search(/call helper|atomic/)).toBeLessThan(text.indexOf("store u8"));
  }
});

test("not where something else is decided in between", () => {
  const decide = (builder: FunctionBuilder): void => {
    const [one, other, after] = [builder.block("one"), builder.block("other"), builder.block("afterwards")];
    builder.branch("ult", 32, builder.load(32, builder.parameter(0), 16), constant32(builder, 10), one, other);
    for (const block of [one, other]) {
      begin(builder, block);
      builder.callHelper(LOOKUP, [builder.parameter(0)]);
      builder.jump(after);
    }
    begin(builder, after);
  };
  expect(dumpAfter("correlate-branches", askedLate(LOOKUP, load, decide))).toContain("phi");
});

test("not where an arm does something else", () => {
  const make = (builder: FunctionBuilder): void => {
    const asked = builder.load(8, builder.parameter(0), 0);
    const [yes, no, after, late, never] = ["yes", "no", "after", "late", "never"].map((name) => builder.block(name));
    if (yes === undefined || no === undefined || after === undefined || late === undefined || never === undefined)
      return;
    const flag = builder.variable(32);
    builder.branch("ult", 32, asked, constant32(builder, 10), yes, no);
    begin(builder, yes);
    builder.write(flag, constant32(builder, 1));
    builder.store(8, builder.parameter(0), 0, constant32(builder, 1));
    builder.jump(after);
    begin(builder, no);
    builder.write(flag, constant32(builder, 0));
    builder.jump(after);
    begin(builder, after);
    builder.callHelper(LOOKUP, [builder.parameter(0)]);
    builder.branch("ne", 32, builder.read(flag), constant32(builder, 0), late, never);
    begin(builder, late);
    builder.return(constant32(builder, 7));
    begin(builder, never);
    builder.return(constant32(builder, 8));
  };
  expect(dumpAfter("correlate-branches", make)).toContain("phi");
});

test("inside, the phi is the address that it was made of", () => {
  const make = askedLate(LOOKUP, (builder, address) => {
    const [yes, no] = [builder.block("yes"), builder.block("no")];
    builder.branch("ugt", 64, address, builder.constant(64, 5n), yes, no);
    begin(builder, no);
    builder.return(constant32(builder, 3));
    begin(builder, yes);
    return constant32(builder, 4);
  });
  expect(dumpAfter("correlate-branches", make)).not.toContain("phi");
});

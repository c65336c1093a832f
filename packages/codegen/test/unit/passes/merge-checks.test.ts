import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

/** Two headers, checked one behind the other; `between` is done where the first one is there. */
const twoHeaders =
  (between: (builder: FunctionBuilder, first: Value) => void, verdicts: readonly [number, number]) =>
  (builder: FunctionBuilder): void => {
    const [data, end] = [builder.load(32, builder.parameter(0), 0), builder.load(32, builder.parameter(0), 4)];
    const check = (offset: number, size: number, verdict: number): Value => {
      const [inside, outside] = [builder.block("inside"), builder.block("outside")];
      const at = builder.packetAccess(data, end, builder.constant(64, BigInt(offset)), size, inside, outside);
      begin(builder, outside);
      builder.return(constant32(builder, verdict));
      begin(builder, inside);
      return at;
    };
    const first = check(0, 14, verdicts[0]);
    between(builder, first);
    builder.return(builder.load(32, check(14, 20, verdicts[1]), 16));
  };

test("one check is enough for two headers", () => {
  expect(
    dumpAfter(
      "merge-checks",
      twoHeaders(() => {}, [1, 1]),
    ),
  ).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = load u32 +4 parameter 0
      v2:64 = zero-extend v0
      v3:64 = add v2, 0xe
      v4:64 = zero-extend v1
      v5:64 = add v2, 0x22
      if v5 >64 v4 outside.2 else inside.1
    outside.2: ; from entry.0
      return 1
    inside.1: ; from entry.0
      v6:64 = add v2, 0x22
      jump inside.3
    inside.3: ; from inside.1
      v7:32 = load u32 +30 v2
      return v7
    "
  `);
});

test("not where a packet that ends between them has another verdict", () => {
  expect(
    dumpAfter(
      "merge-checks",
      twoHeaders(() => {}, [0, 1]),
    ),
  ).toMatch(/if .* if /s);
});

test("not where something is written between them", () => {
  const write = (builder: FunctionBuilder, first: Value): void => builder.store(8, first, 0, constant32(builder, 1));
  expect(dumpAfter("merge-checks", twoHeaders(write, [1, 1]))).toMatch(/if .* if /s);
});

test("a loop without an end outside does not keep the pass from ending", () => {
  const make = (builder: FunctionBuilder): void => {
    const [data, end] = [builder.load(32, builder.parameter(0), 0), builder.load(32, builder.parameter(0), 4)];
    for (const size of [14, 34]) {
      const [inside, outside] = [builder.block("inside"), builder.block("outside")];
      builder.packetAccess(data, end, builder.constant(64, 0n), size, inside, outside);
      builder.enter(outside);
      const ring = builder.block("ring");
      builder.jump(ring);
      builder.seal(outside);
      builder.enter(ring);
      builder.jump(ring);
      builder.seal(ring);
      begin(builder, inside);
    }
    builder.return(constant32(builder, 2));
  };
  // The first check still asks for its 14 bytes alone: the rings are not the same one.
  expect(dumpAfter("merge-checks", make)).toContain("add v2, 0xe\n");
});

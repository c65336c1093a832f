import { helperNamed } from "@weir/bytecode/helpers";
import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { begin, constant32, dumpAfter } from "../../dump.ts";

const LOOKUP = helperNamed("bpf_map_lookup_elem").number;
const DELETE = helperNamed("bpf_map_delete_elem").number;
const LOAD_BYTES = helperNamed("bpf_xdp_load_bytes").number;

/** Puts a key on the stack and calls a helper with it. */
function ask(builder: FunctionBuilder, helper: number, key: Value): void {
  const slot = builder.stackSlot(4, 4);
  builder.store(32, slot, 0, key);
  builder.callHelper(helper, [builder.mapAddress("MAP"), slot]);
}

const stores = (text: string): number => text.match(/store/g)?.length ?? 0;

test("what lies on the stack for one call serves the next one", () => {
  expect(
    dumpAfter("reuse-arguments", (builder) => {
      const key = builder.load(32, builder.parameter(0), 0);
      ask(builder, LOOKUP, key);
      ask(builder, LOOKUP, constant32(builder, 7));
      ask(builder, DELETE, key);
      builder.return(builder.constant(64, 0n));
    }),
  ).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      store u32 +0 stack slot0 (4 bytes), v0
      v1:64 = call helper 1 map MAP, stack slot0 (4 bytes)
      store u32 +0 stack slot1 (4 bytes), 7
      v2:64 = call helper 1 map MAP, stack slot1 (4 bytes)
      v3:64 = call helper 3 map MAP, stack slot0 (4 bytes)
      return 0
    "
  `);
});

test("not what is larger, or has another value", () => {
  const text = dumpAfter("reuse-arguments", (builder) => {
    const key = builder.load(32, builder.parameter(0), 0);
    ask(builder, LOOKUP, key);
    const slot = builder.stackSlot(8, 4);
    builder.store(32, slot, 0, key);
    builder.store(32, slot, 4, key);
    builder.callHelper(LOOKUP, [builder.mapAddress("PAIRS"), slot]);
    ask(builder, LOOKUP, builder.load(32, builder.parameter(0), 0));
    builder.return(builder.constant(64, 0n));
  });
  expect(stores(text)).toBe(4);
});

test("not what was put there on one way only", () => {
  const text = dumpAfter("reuse-arguments", (builder) => {
    const key = builder.load(32, builder.parameter(0), 0);
    const [one, after] = [builder.block("one"), builder.block("after")];
    builder.branch("eq", 32, key, constant32(builder, 1), one, after);
    begin(builder, one);
    ask(builder, LOOKUP, key);
    builder.jump(after);
    begin(builder, after);
    ask(builder, DELETE, key);
    builder.return(builder.constant(64, 0n));
  });
  expect(stores(text)).toBe(2);
});

test.for([
  [
    "a helper writes to",
    (builder: FunctionBuilder, slot: Value) =>
      builder.callHelper(LOAD_BYTES, [builder.parameter(0), constant32(builder, 0), slot, constant32(builder, 4)]),
  ],
  ["is changed", (builder: FunctionBuilder, slot: Value) => builder.store(8, slot, 1, constant32(builder, 9))],
  [
    "is changed at a computed place",
    (builder: FunctionBuilder, slot: Value) => {
      const index = builder.binary("and", 64, builder.load(64, builder.parameter(0), 8), builder.constant(64, 3n));
      builder.store(8, builder.binary("add", 64, slot, index), 0, constant32(builder, 9));
    },
  ],
] as const)("not what %s", ([, change]) => {
  const text = dumpAfter("reuse-arguments", (builder) => {
    const key = builder.load(32, builder.parameter(0), 0);
    const slot = builder.stackSlot(4, 4);
    builder.store(32, slot, 0, key);
    builder.callHelper(LOOKUP, [builder.mapAddress("MAP"), slot]);
    change(builder, slot);
    ask(builder, DELETE, key);
    builder.return(builder.constant(64, 0n));
  });
  expect(text.match(/store u32/g)).toHaveLength(2);
});

test("not where it would lie beside what takes most of the stack", () => {
  const withLarge = (size: number) =>
    dumpAfter("reuse-arguments", (builder) => {
      const key = builder.load(32, builder.parameter(0), 0);
      ask(builder, LOOKUP, key);
      const large = builder.stackSlot(size, 8);
      for (let at = 0; at < size; at += 8) builder.store(64, large, at, builder.constant(64, 0n));
      builder.callHelper(LOOKUP, [builder.mapAddress("LARGE"), large]);
      ask(builder, DELETE, key);
      builder.return(builder.constant(64, 0n));
    });
  expect(withLarge(248).match(/store u32/g)).toHaveLength(1);
  expect(withLarge(504).match(/store u32/g)).toHaveLength(2);
});

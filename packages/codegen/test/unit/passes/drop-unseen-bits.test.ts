import { expect, test } from "vitest";
import type { FunctionBuilder } from "../../../src/index.ts";
import { assembly, begin, constant32, dumpAfter, packetPointers } from "../../dump.ts";

test("masks that cut off nothing that is seen are dropped", () => {
  const make = (builder: FunctionBuilder): void => {
    const [first, second] = [builder.load(32, builder.parameter(0), 0), builder.load(32, builder.parameter(0), 4)];
    // A sum of 16 bits, twice: only the last mask is seen.
    const sum = builder.truncate(builder.binary("add", 32, first, second), 16);
    const hash = builder.truncate(builder.binary("mul", 32, sum, constant32(builder, 31)), 16);
    const high = builder.binary("or", 32, second, constant32(builder, 0xff));
    builder.store(8, builder.parameter(0), 8, builder.binary("shr", 32, high, constant32(builder, 8)));
    builder.return(hash);
  };
  expect(dumpAfter("drop-unseen-bits", make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = load u32 +4 parameter 0
      v2:32 = add v0, v1
      v3:32 = mul v2, 0x1f
      v4:32 = and v3, 0xffff
      v5:32 = shr v1, 8
      store u8 +8 parameter 0, v5
      return v4
    "
  `);
});

test("what is computed on does not wait for a mask that something else needs", () => {
  const make = (builder: FunctionBuilder): void => {
    const first = builder.load(32, builder.parameter(0), 0);
    const small = builder.truncate(first, 8);
    builder.store(32, builder.parameter(0), 8, small);
    const product = builder.binary("mul", 32, small, constant32(builder, 3));
    // A division reads bits that the mask has cut off.
    const divided = builder.binary("div", 32, small, constant32(builder, 7));
    builder.store(32, builder.parameter(0), 12, divided);
    builder.return(builder.truncate(product, 8));
  };
  expect(dumpAfter("drop-unseen-bits", make)).toMatchInlineSnapshot(`
    "
    function program(1)
    entry.0:
      v0:32 = load u32 +0 parameter 0
      v1:32 = and v0, 0xff
      store u32 +8 parameter 0, v1
      v2:32 = mul v0, 3
      v3:32 = div v1, 7
      store u32 +12 parameter 0, v3
      v4:32 = and v2, 0xff
      return v4
    "
  `);
});

test("a shift copies no sign that nobody sees", () => {
  const make = (builder: FunctionBuilder): void => {
    const [first, second] = [0, 8].map((offset) => builder.load(64, builder.parameter(0), offset));
    if (first === undefined || second === undefined) return;
    const seen = builder.binary("sar", 64, second, builder.constant(64, 31n));
    builder.store(32, builder.parameter(0), 16, builder.truncate(seen, 32));
    const wide = builder.binary("sar", 64, first, builder.constant(64, 33n));
    builder.store(32, builder.parameter(0), 20, builder.truncate(wide, 32));
    builder.return(builder.truncate(builder.binary("sar", 64, first, builder.constant(64, 32n)), 32));
  };
  expect(assembly(make)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u64 *)(r1 + 0)
       1: r2 = *(u64 *)(r1 + 8)
       2: r2 >>= 31
       3: *(u32 *)(r1 + 16) = r2
       4: r2 = r0
       5: r2 s>>= 33
       6: *(u32 *)(r1 + 20) = r2
       7: r0 >>= 32
       8: exit
    "
  `);
});

test("not where bits come down", () => {
  const make = (builder: FunctionBuilder): void => {
    const value = builder.load(32, builder.parameter(0), 0);
    const low = builder.truncate(value, 16);
    const divided = builder.binary("div", 32, low, builder.load(32, builder.parameter(0), 4));
    builder.return(builder.truncate(divided, 8));
  };
  expect(dumpAfter("drop-unseen-bits", make).match(/ and /g)).toHaveLength(2);
});

test("the length of a packet is computed in 32 bits where only those are needed", () => {
  const make = (builder: FunctionBuilder): void => {
    const [data, end] = packetPointers(builder);
    const wide = [end, data].map((address) => builder.zeroExtend(address, 32, 64));
    const [last, first] = wide;
    if (last === undefined || first === undefined) return;
    const length = builder.truncate(builder.binary("sub", 64, last, first), 32);
    const given = builder.callHelper(1, []);
    builder.store(32, given, 0, length);
    builder.store(64, given, 8, builder.zeroExtend(length, 32, 64));
    builder.return(constant32(builder, 2));
  };
  expect(assembly(make)).toMatchInlineSnapshot(`
    "
       0: r0 = *(u32 *)(r1 + 0)
       1: r6 = *(u32 *)(r1 + 4)
       2: w6 -= w0
       3: call bpf_map_lookup_elem#1
       4: *(u32 *)(r0 + 0) = r6
       5: *(u64 *)(r0 + 8) = r6
       6: r0 = 2
       7: exit
    "
  `);
});

test("an address and a number are added in 64 bits", () => {
  const make = (builder: FunctionBuilder): void => {
    const wide = builder.load(64, builder.parameter(0), 0);
    const sum = builder.binary("add", 64, wide, builder.constant(64, 5n));
    const [inside, outside] = [builder.block("inside"), builder.block("outside")];
    builder.branch("eq", 32, builder.truncate(sum, 32), constant32(builder, 3), inside, outside);
    begin(builder, inside);
    builder.return(constant32(builder, 1));
    begin(builder, outside);
    builder.return(constant32(builder, 2));
  };
  // Nothing says whether that was an address of the kernel.
  expect(dumpAfter("drop-unseen-bits", make)).toContain(":64 = add");
});

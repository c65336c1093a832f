import { expect, test } from "vitest";
import type { FunctionBuilder, Value } from "../../../src/index.ts";
import { assembly, constant32, dumpAfter } from "../../dump.ts";

/** Stores a number to a slot and hands its address to a helper. */
function use(builder: FunctionBuilder, slot: Value, stored = 1): void {
  builder.store(32, slot, 0, constant32(builder, stored));
  builder.callHelper(1, [builder.mapAddress("MAP"), slot]);
}

function offsets(text: string): number[] {
  return [...text.matchAll(/r2 \+= -(\d+)/g)].map((match) => Number(match[1]));
}

/** Two slots that are used one after the other. */
function twoSlots(builder: FunctionBuilder): void {
  use(builder, builder.stackSlot(16, 8), 1);
  use(builder, builder.stackSlot(16, 8), 2);
  builder.return(constant32(builder, 0));
}

test("slots used one after the other share bytes", () => {
  expect(offsets(assembly(twoSlots))).toEqual([16, 16]);
  expect(offsets(assembly(twoSlots, { without: ["share-slots"] }))).toEqual([16, 32]);
  expect(dumpAfter("share-slots", twoSlots)).toBe(`
slot0 (16 bytes): r10 - 16
slot1 (16 bytes): r10 - 16
`);
});

test("slots alive at the same time do not, and are aligned", () => {
  const text = assembly((builder) => {
    const [first, second] = [builder.stackSlot(6, 2), builder.stackSlot(8, 8)];
    builder.store(32, first, 0, constant32(builder, 1));
    use(builder, second);
    use(builder, first);
    builder.return(constant32(builder, 0));
  });
  expect(offsets(text)).toEqual([8, 14]);
});

test("a slot whose address lies in another one lives as long as that one is reached", () => {
  const text = assembly((builder) => {
    const [shared, record, other] = [builder.stackSlot(8, 8), builder.stackSlot(24, 8), builder.stackSlot(16, 8)];
    builder.store(32, record, 0, constant32(builder, 1));
    builder.store(64, shared, 0, record);
    use(builder, other);
    builder.callHelper(181, [builder.constant(64, 3n), shared]);
    builder.return(constant32(builder, 0));
  });
  // The record is at 24, so what is used in between is not.
  expect(offsets(text)).toEqual([40, 48]);
});

test("too much at once is refused, with the numbers", () => {
  const make = (builder: FunctionBuilder): void => {
    const slots = Array.from({ length: 3 }, () => builder.stackSlot(200, 8));
    for (const slot of slots) builder.store(32, slot, 0, constant32(builder, 1));
    for (const slot of slots) use(builder, slot);
    builder.return(constant32(builder, 0));
  };
  expect(() => assembly(make)).toThrow("program needs 600 bytes of stack at once, the kernel has 512");
});

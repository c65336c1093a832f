import type { Value } from "@weir/codegen";
import type { MemoryNode } from "../tree/access.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { inside, type MemoryPlace, type RecordPlace, shifted } from "./place.ts";
import { shown } from "./shown.ts";

/** Where a field, an element or a global variable is. */
export function partPlace(node: MemoryNode, lowering: FunctionLowering): RecordPlace {
  if (node.kind === "global") return lowering.module.globalPlace(node.global, lowering.builder);
  if (node.kind === "member") return inside(lowering.place(node.record), node.offset);
  const array = lowering.place(node.array);
  if (node.index.kind === "literal") return inside(array, Number(node.index.value) * node.stride);
  const { builder } = lowering;
  const value = lowering.value(node.index);
  const index = lowering.module.unseenIndices.has(node) ? shown(value, BigInt(node.length), lowering) : value;
  const distance = builder.binary("mul", 64, index, builder.constant(64, BigInt(node.stride)));
  if (array.kind === "fields") throw new Error("an array in variables has no address");
  if (array.inPacket === true) return packetPlace(array, distance, node.stride, lowering);
  return shifted(array, builder.binary("add", 64, array.address, distance), node.stride);
}

/**
 * The place of `size` bytes at a computed distance in the packet. It is known to be inside already: the way on which it is not, and the
 * distance 0, is never taken.
 */
export function packetPlace(
  place: MemoryPlace,
  distance: Value,
  size: number,
  lowering: FunctionLowering,
): MemoryPlace {
  const { builder } = lowering;
  const [inside, outside, after] = [builder.block(), builder.block(), builder.block()];
  const variable = builder.variable(64);
  const { end } = lowering.packet;
  const address = builder.packetPart(place.address, distance, end, place.offset, size, inside, outside);
  for (const [block, value] of [
    [inside, address],
    [outside, place.address],
  ] as const) {
    lowering.continueAt(block);
    builder.write(variable, value);
    builder.jump(after);
  }
  lowering.continueAt(after);
  return { ...place, address: builder.read(variable) };
}

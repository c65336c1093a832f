import type { Value } from "@weir/codegen";
import type { MemoryNode } from "../tree/access.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { inside, type MemoryPlace, type RecordPlace, shifted } from "./place.ts";

/** Where a field, an element or a global variable is. */
export function partPlace(node: MemoryNode, lowering: FunctionLowering): RecordPlace {
  if (node.kind === "global") return lowering.module.globalPlace(node.global, lowering.builder);
  if (node.kind === "member") return inside(lowering.place(node.record), node.offset);
  const array = lowering.place(node.array);
  if (node.index.kind === "literal") return inside(array, Number(node.index.value) * node.stride);
  const { builder } = lowering;
  const value = lowering.value(node.index);
  const index = lowering.module.unseenIndices.has(node) ? shown(value, node.length, lowering) : value;
  const distance = builder.binary("mul", 64, index, builder.constant(64, BigInt(node.stride)));
  if (array.kind === "fields") throw new Error("an array in variables has no address");
  if (array.inPacket === true) return packetPlace(array, distance, node.stride, lowering);
  return shifted(array, builder.binary("add", 64, array.address, distance), node.stride);
}

/**
 * The same index, behind a mask that changes nothing, and a comparison that always holds: they tell the verifier, which knows nothing
 * of a remainder, not even that its upper half is 0.
 */
function shown(value: Value, length: number, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const mask = (1n << BigInt((length - 1).toString(2).length)) - 1n;
  const index = builder.binary("and", 64, value, builder.constant(64, mask));
  if (mask === BigInt(length - 1)) return index;
  const variable = builder.variable(64);
  const [outside, after] = [builder.block(), builder.block()];
  builder.write(variable, index);
  builder.branch("ult", 64, index, builder.constant(64, BigInt(length)), after, outside);
  lowering.continueAt(outside);
  builder.write(variable, builder.constant(64, 0n));
  builder.jump(after);
  lowering.continueAt(after);
  return builder.read(variable);
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

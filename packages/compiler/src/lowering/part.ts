import type { MemoryNode } from "../tree/access.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { inside, type RecordPlace } from "./place.ts";

/** Where a field, an element or a global variable is. */
export function partPlace(node: MemoryNode, lowering: FunctionLowering): RecordPlace {
  if (node.kind === "global") return lowering.module.globalPlace(node.global, lowering.builder);
  if (node.kind === "member") return inside(lowering.place(node.record), node.offset);
  const array = lowering.place(node.array);
  if (node.index.kind === "literal") return inside(array, Number(node.index.value) * node.stride);
  const { builder } = lowering;
  const distance = builder.binary("mul", 64, lowering.value(node.index), builder.constant(64, BigInt(node.stride)));
  if (array.kind === "fields") throw new Error("an array in variables has no address");
  return { ...array, address: builder.binary("add", 64, array.address, distance) };
}

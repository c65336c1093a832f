import type { ElementNode, MemberNode } from "../tree/access.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { inside, type RecordPlace } from "./place.ts";

/** Where a field or an element is. */
export function partPlace(node: MemberNode | ElementNode, lowering: FunctionLowering): RecordPlace {
  if (node.kind === "member") return inside(lowering.place(node.record), node.offset);
  const array = lowering.place(node.array);
  if (node.index.kind === "literal") return inside(array, Number(node.index.value) * node.stride);
  const { builder } = lowering;
  const distance = builder.binary("mul", 64, lowering.value(node.index), builder.constant(64, BigInt(node.stride)));
  if (array.kind === "fields") throw new Error("an array in variables has no address");
  return { ...array, address: builder.binary("add", 64, array.address, distance) };
}

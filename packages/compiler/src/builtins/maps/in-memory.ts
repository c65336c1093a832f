import type { Value } from "@weir/codegen";
import { copyBytes } from "../../lowering/copy.ts";
import type { FunctionLowering } from "../../lowering/function-lowering.ts";
import { loadScalar, storeScalar, storeWhole } from "../../lowering/memory.ts";
import { at } from "../../lowering/place.ts";
import type { Expression } from "../../tree/expression.ts";
import { isScalar, type KernelType } from "../../types/kernel-type.ts";

/** The address of what a helper reads: a scalar is written to the stack for that. */
export function addressOf(node: Expression, lowering: FunctionLowering): Value {
  if (!isScalar(node.type)) return lowering.pointer(node);
  const { builder } = lowering;
  const value = lowering.value(node);
  const bytes = node.type.bits / 8;
  const slot = builder.stackSlot(bytes, bytes);
  builder.store(node.type.bits, slot, 0, value);
  return slot;
}

/** Bytes of what lies in memory. */
export function sizeOf(type: KernelType): number {
  if (isScalar(type)) return type.bits / 8;
  if (type.kind === "record" || type.kind === "array") return type.layout.size;
  throw new Error(`${type.kind} does not lie in memory`);
}

/** Writes a value to stack memory that begins at a multiple of 8. */
export function copyTo(slot: Value, offset: number, node: Expression, lowering: FunctionLowering): void {
  const { builder } = lowering;
  if (isScalar(node.type)) {
    storeScalar(builder, { ...at(slot), offset }, 0, node.type, lowering.value(node));
    return;
  }
  const from = lowering.place(node);
  if (from.kind === "memory") {
    copyBytes(builder, from, { ...at(slot), offset, alignment: 8 }, sizeOf(node.type));
  } else if (node.type.kind === "record") {
    const target = at(builder.binary("add", 64, slot, builder.constant(64, BigInt(offset))));
    storeWhole(builder, { ...target, alignment: 8 }, node.type.layout, (field) =>
      loadScalar(builder, from, field.offset, field.type),
    );
  } else {
    throw new Error("an array in variables has no address");
  }
}

import type { Value } from "@weir/codegen";
import { copyBytes } from "../../lowering/copy.ts";
import type { FunctionLowering } from "../../lowering/function-lowering.ts";
import { loadScalar, storeScalar, storeWhole } from "../../lowering/memory.ts";
import { at, type RecordPlace } from "../../lowering/place.ts";
import type { Expression } from "../../tree/expression.ts";
import { isScalar, type KernelType } from "../../types/kernel-type.ts";

/** The address of what a helper reads: what is not in memory is written to the stack for that. */
export const addressOf = (node: Expression, lowering: FunctionLowering): Value => handed(node, lowering)();

/**
 * Evaluates what a helper reads, and gives its address when all else that the helper is given has been evaluated, too: a record is read
 * as it is then.
 */
export function handed(node: Expression, lowering: FunctionLowering): () => Value {
  const { builder } = lowering;
  const { type } = node;
  if (!isScalar(type)) {
    const place = lowering.place(node);
    return () => lowering.pointer(place, type);
  }
  const value = lowering.value(node);
  return () => {
    const bytes = type.bits / 8;
    const slot = builder.stackSlot(bytes, bytes);
    builder.store(type.bits, slot, 0, value);
    return slot;
  };
}

/** Bytes of what lies in memory. */
export function sizeOf(type: KernelType): number {
  if (isScalar(type)) return type.bits / 8;
  if (type.kind === "record" || type.kind === "array") return type.layout.size;
  throw new Error(`${type.kind} does not lie in memory`);
}

/** Evaluates a value, and gives what writes it to stack memory that begins at a multiple of 8. */
export function copier(node: Expression, lowering: FunctionLowering): (slot: Value, offset: number) => void {
  const { builder } = lowering;
  const { type } = node;
  if (isScalar(type)) {
    const value = lowering.value(node);
    return (slot, offset) => storeScalar(builder, { ...at(slot), offset }, 0, type, value);
  }
  const from = lowering.place(node);
  return (slot, offset) => copyPlace(from, type, slot, offset, lowering);
}

function copyPlace(
  from: RecordPlace,
  type: KernelType,
  slot: Value,
  offset: number,
  { builder }: FunctionLowering,
): void {
  if (from.kind === "memory") {
    copyBytes(builder, from, { ...at(slot), offset, alignment: 8 }, sizeOf(type));
  } else if (type.kind === "record") {
    const target = at(builder.binary("add", 64, slot, builder.constant(64, BigInt(offset))));
    storeWhole(builder, { ...target, alignment: 8 }, type.layout, (field) =>
      loadScalar(builder, from, field.offset, field.type),
    );
  } else {
    throw new Error("an array in variables has no address");
  }
}

import type { StructLayout } from "@weir/bytecode/layout";
import type { Value } from "@weir/codegen";
import type { Expression } from "../tree/expression.ts";
import type { ListNode, RecordNode } from "../tree/record.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { loadScalar, newFields, newSlot, storeScalar, storeWhole } from "./memory.ts";
import type { RecordPlace } from "./place.ts";
import { scalarFields } from "./scalar-layout.ts";

/** Room for a record that the program makes: variables where they suffice, else memory. */
export function newRecord(layout: StructLayout, lowering: FunctionLowering): RecordPlace {
  return lowering.module.inMemory(layout) ? newSlot(lowering.builder, layout) : newFields(lowering.builder, layout);
}

/** A new record with its values. */
export function lowerRecord(node: RecordNode, lowering: FunctionLowering): RecordPlace {
  const { builder } = lowering;
  const { layout } = node.type;
  const values = new Map<number, Value>();
  collect(node, 0, values, lowering);
  const place = newRecord(layout, lowering);
  const valueAt = (offset: number): Value => {
    const value = values.get(offset);
    if (value === undefined) throw new Error(`a new record has no value ${offset} bytes into it`);
    return value;
  };
  if (place.kind === "memory") {
    storeWhole(builder, place, layout, ({ offset }) => valueAt(offset));
  } else {
    for (const { offset, type } of scalarFields(layout)) storeScalar(builder, place, offset, type, valueAt(offset));
  }
  return place;
}

/** Writes what would be a new record, or a new list, over one that is there. */
export function lowerRecordInto(node: RecordNode | ListNode, to: RecordPlace, lowering: FunctionLowering): void {
  const values = new Map<number, Value>();
  collect(node, 0, values, lowering);
  for (const { offset, type } of scalarFields(node.type.layout)) {
    const value = values.get(offset);
    if (value === undefined) throw new Error(`a new record has no value ${offset} bytes into it`);
    storeScalar(lowering.builder, to, offset, type, value);
  }
}

/** The values of all scalars of a new record, in the order in which they are written. */
function collect(
  node: RecordNode | ListNode,
  at: number,
  values: Map<number, Value>,
  lowering: FunctionLowering,
): void {
  const parts =
    node.kind === "record"
      ? node.fields
      : node.elements.map((value, index) => ({ offset: index * node.stride, value }));
  for (const { offset, value } of parts) collectPart(value, at + offset, values, lowering);
}

function collectPart(node: Expression, at: number, values: Map<number, Value>, lowering: FunctionLowering): void {
  if (node.kind === "record" || node.kind === "list") {
    collect(node, at, values, lowering);
    return;
  }
  if (isScalar(node.type) || node.type.kind === "boolean") {
    values.set(at, lowering.value(node));
    return;
  }
  if (node.type.kind !== "record" && node.type.kind !== "array") throw new Error(`a field cannot be ${node.type.kind}`);
  // A record from elsewhere is copied.
  const place = lowering.place(node);
  for (const { offset, type } of scalarFields(node.type.layout)) {
    values.set(at + offset, loadScalar(lowering.builder, place, offset, type));
  }
}

/** Copies a record of the program into the place where a function's result is wanted. */
export function copyRecord(layout: StructLayout, from: RecordPlace, to: RecordPlace, lowering: FunctionLowering): void {
  const { builder } = lowering;
  const values = scalarFields(layout).map((field) => loadScalar(builder, from, field.offset, field.type));
  if (to.kind === "memory") {
    const fields = scalarFields(layout);
    storeWhole(builder, to, layout, ({ offset }) => {
      const value = values[fields.findIndex((field) => field.offset === offset)];
      if (value === undefined) throw new Error(`a record has no scalar ${offset} bytes into it`);
      return value;
    });
    return;
  }
  for (const [index, { offset, type }] of scalarFields(layout).entries()) {
    const value = values[index];
    if (value !== undefined) storeScalar(builder, to, offset, type, value);
  }
}

import type { StructLayout } from "@weir/bytecode/layout";
import type { Expression } from "../tree/expression.ts";
import type { ListNode, RecordNode } from "../tree/record.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { newFields, newSlot, storeWhole } from "./memory.ts";
import type { RecordPlace } from "./place.ts";
import { readScalars, type ScalarValues, valueAt, writeScalars } from "./scalar-values.ts";

/** Room for a record that the program makes: variables where they suffice, else memory. */
export function newRecord(layout: StructLayout, lowering: FunctionLowering): RecordPlace {
  return lowering.module.inMemory(layout) ? newSlot(lowering.builder, layout) : newFields(lowering.builder, layout);
}

/** A new record with its values. */
export function lowerRecord(node: RecordNode, lowering: FunctionLowering): RecordPlace {
  const values = valuesOf(node, lowering);
  const place = newRecord(node.type.layout, lowering);
  fill(place, node.type.layout, values, lowering);
  return place;
}

/** Writes what would be a new record, or a new list, over one that is there. */
export function lowerRecordInto(node: RecordNode | ListNode, to: RecordPlace, lowering: FunctionLowering): void {
  writeScalars(lowering.builder, node.type.layout, to, valuesOf(node, lowering));
}

/** Copies a record of the program into the place where a function's result is wanted. */
export function copyRecord(layout: StructLayout, from: RecordPlace, to: RecordPlace, lowering: FunctionLowering): void {
  fill(to, layout, readScalars(lowering.builder, layout, from), lowering);
}

/** Writes a whole record where there is none yet: in memory also what lies between its scalars. */
function fill(to: RecordPlace, layout: StructLayout, values: ScalarValues, { builder }: FunctionLowering): void {
  if (to.kind === "memory") storeWhole(builder, to, layout, ({ offset }) => valueAt(values, offset));
  else writeScalars(builder, layout, to, values);
}

function valuesOf(node: RecordNode | ListNode, lowering: FunctionLowering): ScalarValues {
  const values: ScalarValues = new Map();
  collect(node, 0, values, lowering);
  return values;
}

/** The values of all scalars of a new record, in the order in which they are written. */
function collect(node: RecordNode | ListNode, at: number, values: ScalarValues, lowering: FunctionLowering): void {
  const parts =
    node.kind === "record"
      ? node.fields
      : node.elements.map((value, index) => ({ offset: index * node.stride, value }));
  for (const { offset, value } of parts) collectPart(value, at + offset, values, lowering);
}

function collectPart(node: Expression, at: number, values: ScalarValues, lowering: FunctionLowering): void {
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
  readScalars(lowering.builder, node.type.layout, place, values, at);
}

import type { Layout, StructLayout } from "@weir/bytecode/layout";
import type { Expression } from "../tree/expression.ts";
import type { ListNode, RecordNode } from "../tree/record.ts";
import { isScalar } from "../types/kernel-type.ts";
import { copyScalars, copyToNew } from "./copy.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { newFields, newSlot, storeWhole } from "./memory.ts";
import { inside, type MemoryPlace, type RecordPlace } from "./place.ts";
import { hasArray } from "./scalar-layout.ts";
import { readScalars, type ScalarValues, writeScalars } from "./scalar-values.ts";

/** Room for a record that the program makes: variables where they suffice, else memory. */
export function newRecord(layout: StructLayout, lowering: FunctionLowering): RecordPlace {
  return lowering.module.inMemory(layout) ? newSlot(lowering.builder, layout) : newFields(lowering.builder, layout);
}

/** A new record with its values. */
export function lowerRecord(node: RecordNode, lowering: FunctionLowering): RecordPlace {
  const place = newRecord(node.type.layout, lowering);
  fill(place, node.type.layout, valuesOf(node, lowering, place), lowering);
  return place;
}

/** Writes what would be a new record, or a new list, over one that is there. */
export function lowerRecordInto(node: RecordNode | ListNode, to: RecordPlace, lowering: FunctionLowering): void {
  const { layout } = node.type;
  if (to.kind === "memory" && copiesArray(node)) {
    // What is copied may be what is written over.
    const place = newSlot(lowering.builder, layout);
    fill(place, layout, valuesOf(node, lowering, place), lowering);
    copyScalars(lowering.builder, layout, place, to);
  } else writeScalars(lowering.builder, layout, to, valuesOf(node, lowering));
}

/** Copies a record or an array into a place where there is none yet, such as that where a function's result is wanted. */
export function copyRecord(layout: Layout, from: RecordPlace, to: RecordPlace, lowering: FunctionLowering): void {
  const isCopied = to.kind === "memory" && hasArray(layout) && copyToNew(lowering.builder, layout, from, to);
  if (!isCopied) fill(to, layout, readScalars(lowering.builder, layout, from), lowering);
}

/** Whether it has an array from elsewhere in it. */
function copiesArray(node: Expression): boolean {
  if (node.kind === "record") return node.fields.some(({ value }) => copiesArray(value));
  if (node.kind === "list") return node.elements.some(copiesArray);
  return (node.type.kind === "record" || node.type.kind === "array") && hasArray(node.type.layout);
}

/** Writes a whole record, or what of it has not been copied, where there is none yet: in memory also what lies between its scalars. */
function fill(to: RecordPlace, layout: Layout, values: ScalarValues, { builder }: FunctionLowering): void {
  if (to.kind === "memory") storeWhole(builder, to, layout, ({ offset }) => values.get(offset));
  else writeScalars(builder, layout, to, values);
}

/** @param place of a new record, into which arrays are copied at once: an array's values would take a register each */
function valuesOf(node: RecordNode | ListNode, lowering: FunctionLowering, place?: RecordPlace): ScalarValues {
  const values: ScalarValues = new Map();
  collect(node, 0, { values, to: place?.kind === "memory" ? place : undefined }, lowering);
  return values;
}

interface Collected {
  readonly values: ScalarValues;
  readonly to: MemoryPlace | undefined;
}

/** The values of all scalars of a new record, in the order in which they are written. */
function collect(node: RecordNode | ListNode, at: number, values: Collected, lowering: FunctionLowering): void {
  const parts =
    node.kind === "record"
      ? node.fields
      : node.elements.map((value, index) => ({ offset: index * node.stride, value }));
  for (const { offset, value } of parts) collectPart(value, at + offset, values, lowering);
}

function collectPart(node: Expression, at: number, collected: Collected, lowering: FunctionLowering): void {
  if (node.kind === "record" || node.kind === "list") {
    collect(node, at, collected, lowering);
    return;
  }
  const { values, to } = collected;
  if (isScalar(node.type) || node.type.kind === "boolean") {
    values.set(at, lowering.value(node));
    return;
  }
  if (node.type.kind !== "record" && node.type.kind !== "array") throw new Error(`a field cannot be ${node.type.kind}`);
  // A record from elsewhere is copied.
  const place = lowering.place(node);
  const { layout } = node.type;
  const isCopied = to !== undefined && hasArray(layout) && copyToNew(lowering.builder, layout, place, inside(to, at));
  if (!isCopied) readScalars(lowering.builder, layout, place, values, at);
}

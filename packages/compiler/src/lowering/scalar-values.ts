import type { Layout } from "@weir/bytecode/layout";
import type { FunctionBuilder, Value } from "@weir/codegen";
import { loadScalar, storeScalar } from "./memory.ts";
import type { RecordPlace } from "./place.ts";
import { scalarFields } from "./scalar-layout.ts";

/** The values of all scalars in a record or an array, by their offsets. */
export type ScalarValues = Map<number, Value>;

/** Reads all scalars; they are put behind those that are there, `at` bytes further. */
export function readScalars(
  builder: FunctionBuilder,
  layout: Layout,
  place: RecordPlace,
  values: ScalarValues = new Map(),
  at = 0,
): ScalarValues {
  for (const { offset, type } of scalarFields(layout))
    values.set(at + offset, loadScalar(builder, place, offset, type));
  return values;
}

/** Writes all scalars, and nothing that lies between them. */
export function writeScalars(builder: FunctionBuilder, layout: Layout, place: RecordPlace, values: ScalarValues): void {
  for (const { offset, type } of scalarFields(layout)) {
    storeScalar(builder, place, offset, type, valueAt(values, offset));
  }
}

export function valueAt(values: ScalarValues, offset: number): Value {
  const value = values.get(offset);
  if (value === undefined) throw new Error(`a record has no scalar ${offset} bytes into it`);
  return value;
}

import { type Layout, u32 } from "@weir/bytecode/layout";
import type { BpfMap } from "./bpf-map.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import type { ValueForm } from "./value-form.ts";

/** The layout of an array's elements. */
export interface ArrayLayouts<Value extends Layout> {
  readonly value: Value;
}

/** What arrays can do: their keys are the numbers below their length, and each always has a value. */
export class IndexedMap<Value> extends KeyedMap<typeof u32, Value> {
  protected constructor(map: BpfMap, form: ValueForm<Value>, ownership: MapOwnership) {
    super(map, u32, form, ownership);
  }

  /** How many elements the array has. */
  get length(): number {
    return this.map.info.maxEntries;
  }

  /** The element at an index. @throws {RangeError} when the array has no such index */
  at(index: number): Value {
    const value = this.get(index);
    if (value === undefined)
      throw new RangeError(`map "${this.map.name}" has ${this.length} elements, not ${index + 1}`);
    return value;
  }
}

import type { MapSpec } from "@weir/bytecode";
import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { QueueBytes } from "../places/place.ts";
import { checkSize, checkType } from "./check-map.ts";
import { decoded, encoded } from "./codec.ts";

/** A queue or a stack of values. */
export class TestQueue<Value extends Layout> {
  readonly #bytes: QueueBytes;
  readonly #value: Value;

  constructor(map: MapSpec, bytes: QueueBytes, value: Value) {
    checkType(map, ["queue", "stack"]);
    checkSize(map, "value", value);
    this.#bytes = bytes;
    this.#value = value;
  }

  /** Adds a value, as user space does. @throws when the map is full */
  push(value: Decoded<Value>): void {
    this.#bytes.push(encoded(this.#value, value));
  }

  /** Takes the next value out; undefined when there is none. */
  pop(): Decoded<Value> | undefined {
    const value = this.#bytes.pop();
    return value && decoded(this.#value, value);
  }

  /** Takes all values out, the next one first. */
  takeAll(): Decoded<Value>[] {
    const values: Decoded<Value>[] = [];
    for (let value = this.pop(); value !== undefined; value = this.pop()) values.push(value);
    return values;
  }
}

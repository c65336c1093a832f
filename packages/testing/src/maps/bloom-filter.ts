import type { MapSpec } from "@weir/bytecode";
import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { FilterBytes } from "../places/place.ts";
import { checkSize, checkType } from "./check-map.ts";
import { encoded } from "./codec.ts";

/** A Bloom filter. The machine's never takes a value that is not there for one that is; the kernel's may. */
export class TestBloomFilter<Value extends Layout> {
  readonly #bytes: FilterBytes;
  readonly #value: Value;

  constructor(map: MapSpec, bytes: FilterBytes, value: Value) {
    checkType(map, ["bloom-filter"]);
    checkSize(map, "value", value);
    this.#bytes = bytes;
    this.#value = value;
  }

  /** Adds a value, as user space does. */
  add(value: Decoded<Value>): void {
    this.#bytes.add(encoded(this.#value, value));
  }

  /** False when the value was never put in. */
  mayHave(value: Decoded<Value>): boolean {
    return this.#bytes.mayHave(encoded(this.#value, value));
  }
}

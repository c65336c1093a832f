import type { MapSpec, MapType } from "@weir/bytecode";
import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { KeyedBytes, SetMode } from "../places/place.ts";
import { checkSize, checkType } from "./check-map.ts";
import { decoded, encoded } from "./codec.ts";
import type { MapLayouts } from "./keyed-map.ts";
import { totalOf } from "./total.ts";

/** A map with keys, and a value for each CPU at each. */
export class TestPerCpuMap<Key extends Layout, Value extends Layout> {
  readonly #bytes: KeyedBytes;
  readonly #layouts: MapLayouts<Key, Value>;

  constructor(map: MapSpec, types: readonly MapType[], bytes: KeyedBytes, layouts: MapLayouts<Key, Value>) {
    checkType(map, types);
    checkSize(map, "key", layouts.key);
    checkSize(map, "value", layouts.value);
    this.#bytes = bytes;
    this.#layouts = layouts;
  }

  /** The values of a key, one for each CPU; undefined when it is not there. */
  get(key: Decoded<Key>): Decoded<Value>[] | undefined {
    const values = this.#bytes.get(encoded(this.#layouts.key, key));
    return values?.map((value) => decoded(this.#layouts.value, value));
  }

  /**
   * What all CPUs have counted together: the sums of the numbers in their values. Undefined when the key is not there.
   *
   * @throws {TypeError} when the value holds bytes, which have no sum
   */
  total(key: Decoded<Key>): Decoded<Value> | undefined {
    const values = this.get(key);
    return values && totalOf(this.#layouts.value, values);
  }

  /** Writes the values of a key, one for each CPU, as user space does. */
  set(key: Decoded<Key>, values: readonly Decoded<Value>[], mode: SetMode = "any"): void {
    const bytes = values.map((value) => encoded(this.#layouts.value, value));
    this.#bytes.set(encoded(this.#layouts.key, key), bytes, mode);
  }

  /** Removes a key; says whether it was there. */
  delete(key: Decoded<Key>): boolean {
    return this.#bytes.delete(encoded(this.#layouts.key, key));
  }

  /** All keys with their values, one for each CPU. The order is the map's own. */
  entries(): [key: Decoded<Key>, values: Decoded<Value>[]][] {
    return Array.from(this.#bytes.entries(), ([key, values]) => [
      decoded(this.#layouts.key, key),
      values.map((value) => decoded(this.#layouts.value, value)),
    ]);
  }
}

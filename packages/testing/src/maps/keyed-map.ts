import type { MapSpec, MapType } from "@weir/bytecode";
import type { Decoded, Layout } from "@weir/bytecode/layout";
import type { KeyedBytes, SetMode } from "../places/place.ts";
import { checkSize, checkType } from "./check-map.ts";
import { decoded, encoded } from "./codec.ts";

/** The layouts that the program was compiled with. */
export interface MapLayouts<Key extends Layout, Value extends Layout> {
  readonly key: Key;
  readonly value: Value;
}

/** A map with keys, and one value at each. */
export class TestMap<Key extends Layout, Value extends Layout> {
  readonly #bytes: KeyedBytes;
  readonly #layouts: MapLayouts<Key, Value>;

  constructor(map: MapSpec, types: readonly MapType[], bytes: KeyedBytes, layouts: MapLayouts<Key, Value>) {
    checkType(map, types);
    checkSize(map, "key", layouts.key);
    checkSize(map, "value", layouts.value);
    this.#bytes = bytes;
    this.#layouts = layouts;
  }

  /** The value of a key, undefined when there is none. */
  get(key: Decoded<Key>): Decoded<Value> | undefined {
    const [value] = this.#bytes.get(encoded(this.#layouts.key, key)) ?? [];
    return value && decoded(this.#layouts.value, value);
  }

  /** Writes the value of a key, as user space does. @throws when the map is full, or does not take it in this mode */
  set(key: Decoded<Key>, value: Decoded<Value>, mode: SetMode = "any"): void {
    this.#bytes.set(encoded(this.#layouts.key, key), [encoded(this.#layouts.value, value)], mode);
  }

  /** Removes a key; says whether it was there. */
  delete(key: Decoded<Key>): boolean {
    return this.#bytes.delete(encoded(this.#layouts.key, key));
  }

  /** All keys and values. The order is the map's own. */
  entries(): [key: Decoded<Key>, value: Decoded<Value>][] {
    return Array.from(this.#bytes.entries(), ([key, [value = new Uint8Array()]]) => [
      decoded(this.#layouts.key, key),
      decoded(this.#layouts.value, value),
    ]);
  }
}

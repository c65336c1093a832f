import type { MapSpec } from "../../spec.ts";
import { E2BIG, EEXIST, EINVAL } from "../errno.ts";
import type { Surroundings } from "../surroundings.ts";
import { ANY, EXIST, indexOf, keyOf, LOCKED, NO_EXIST } from "./machine-map.ts";
import { MapElement } from "./map-element.ts";
import type { SpecialField } from "./special-fields.ts";
import { ValueMap } from "./value-map.ts";

/** `BPF_MAP_TYPE_ARRAY` and `BPF_MAP_TYPE_PERCPU_ARRAY`: all elements are there from the start. */
export class ArrayMap extends ValueMap {
  /** Of all elements, CPU by CPU. */
  readonly #memory: Uint8Array;
  /** Those that somebody has asked for. */
  readonly #elements: (MapElement | undefined)[] = [];

  constructor(spec: MapSpec, surroundings: Surroundings, specialFields: readonly SpecialField[]) {
    super(spec, surroundings, specialFields);
    this.#memory = new Uint8Array(this.stride * spec.maxEntries * this.copies);
    if (spec.contents !== undefined) this.#memory.set(spec.contents);
  }

  override update(key: Uint8Array, value: Uint8Array, flags: bigint): bigint {
    return this.#write(key, flags, (element) => [[element.values[this.isPerCpu ? this.surroundings.cpu : 0], value]]);
  }

  override set(key: Uint8Array, value: Uint8Array, flags: bigint = ANY): bigint {
    const values = this.fromUser(value);
    return this.#write(key, flags, (element) => values.map((one, cpu) => [element.values[cpu], one]));
  }

  override delete(_key: Uint8Array): bigint {
    return EINVAL;
  }

  override elements(): readonly MapElement[] {
    return Array.from({ length: this.spec.maxEntries }, (_, index) => this.#at(index));
  }

  override valueAddress(offset: number): bigint {
    return this.#at(0).address(0) + BigInt(offset);
  }

  protected override find(key: Uint8Array): MapElement | undefined {
    const index = indexOf(key);
    return index < this.spec.maxEntries ? this.#at(index) : undefined;
  }

  #at(index: number): MapElement {
    this.#elements[index] ??= new MapElement(
      this,
      this.surroundings,
      keyOf(index),
      Array.from({ length: this.copies }, (_, cpu) => {
        const start = (cpu * this.spec.maxEntries + index) * this.stride;
        return this.#memory.subarray(start, start + this.spec.valueSize);
      }),
    );
    return this.#elements[index];
  }

  #write(
    key: Uint8Array,
    flags: bigint,
    places: (element: MapElement) => (readonly [target: Uint8Array | undefined, value: Uint8Array])[],
  ): bigint {
    if ((flags & ~LOCKED) > EXIST) return EINVAL;
    const element = this.find(key);
    if (element === undefined) return E2BIG;
    if ((flags & NO_EXIST) !== 0n) return EEXIST;
    if (this.withoutLock(flags) === undefined) return EINVAL;
    for (const [target, value] of places(element)) if (target !== undefined) this.overwrite(target, value);
    return 0n;
  }
}

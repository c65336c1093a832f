import type { MapType } from "@weir/bytecode";
import { type Decoded, decode, encode, type Layout } from "@weir/bytecode/layout";
import { bpf_update_flags } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";
import { checkSize, checkType } from "./check-layout.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { MapElements } from "./map-elements.ts";

/** The layout of what a map without keys holds. */
export interface ValueLayout<Value extends Layout> {
  readonly value: Value;
}

/** What maps without keys have in common: values go in, and come out as the map's type will have it. */
export class KeylessMap<Value extends Layout> implements Disposable {
  /** The map underneath: its descriptor, its name, its pin. */
  readonly map: BpfMap;
  readonly #value: Value;
  readonly #elements: MapElements;
  readonly #ownership: MapOwnership;

  protected constructor(map: BpfMap, type: MapType, value: Value, ownership: MapOwnership) {
    checkType(map, type);
    checkSize(map, "value", value);
    this.map = map;
    this.#value = value;
    this.#ownership = ownership;
    this.#elements = new MapElements(map, 0, value.size);
  }

  protected put(value: Decoded<Value>): void {
    encode(this.#value, value, this.#elements.value);
    this.#elements.update(bpf_update_flags.BPF_ANY);
  }

  protected take(): Decoded<Value> | undefined {
    return this.#elements.lookupAndDelete() ? decode(this.#value, this.#elements.value) : undefined;
  }

  protected look(): Decoded<Value> | undefined {
    return this.#elements.lookup() ? decode(this.#value, this.#elements.value) : undefined;
  }

  protected holds(value: Decoded<Value>): boolean {
    encode(this.#value, value, this.#elements.value);
    return this.#elements.lookup();
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#elements[Symbol.dispose]();
    if (this.#ownership === "owned") this.map[Symbol.dispose]();
  }
}

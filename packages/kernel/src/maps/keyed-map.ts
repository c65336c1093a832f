import { type Decoded, decode, encode, type Layout } from "@weir/bytecode/layout";
import { bpf_update_flags } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";
import { MapElements } from "./map-elements.ts";
import { readBatches } from "./read-batches.ts";
import type { ValueForm } from "./value-form.ts";

/** When `set` may write: always, only a new key, or only a key that is there. */
export type SetMode = "any" | "new" | "existing";

const SET_FLAGS: Readonly<Record<SetMode, number>> = {
  any: bpf_update_flags.BPF_ANY,
  new: bpf_update_flags.BPF_NOEXIST,
  existing: bpf_update_flags.BPF_EXIST,
};

/** Whether a typed view closes the map underneath when it is disposed. */
export type MapOwnership = "owned" | "borrowed";

/** What all maps with typed keys and values can do. */
export class KeyedMap<Key extends Layout, Value> implements Disposable {
  /** The map underneath: its descriptor, its name, its pin. */
  readonly map: BpfMap;
  readonly #key: Key;
  readonly #form: ValueForm<Value>;
  readonly #elements: MapElements;
  readonly #ownership: MapOwnership;

  protected constructor(map: BpfMap, key: Key, form: ValueForm<Value>, ownership: MapOwnership) {
    this.map = map;
    this.#key = key;
    this.#form = form;
    this.#ownership = ownership;
    this.#elements = new MapElements(map, key.size, form.size);
  }

  /** The value of a key, undefined when there is none. */
  get(key: Decoded<Key>): Value | undefined {
    encode(this.#key, key, this.#elements.key);
    return this.#elements.lookup() ? this.#form.decode(this.#elements.value, 0) : undefined;
  }

  /**
   * Writes the value of a key.
   *
   * @throws {KernelError} `WEIR_MAP_FULL` when the map holds as many entries as it was made for
   */
  set(key: Decoded<Key>, value: Value, mode: SetMode = "any"): void {
    encode(this.#key, key, this.#elements.key);
    this.#form.encode(value, this.#elements.value, 0);
    this.#elements.update(SET_FLAGS[mode]);
  }

  /** Removes a key; says whether it was there. */
  delete(key: Decoded<Key>): boolean {
    encode(this.#key, key, this.#elements.key);
    return this.#elements.delete();
  }

  /**
   * All entries, read thousands at a time. Entries that come or go meanwhile may be seen or not; none is seen torn between
   * key and value.
   *
   * @example
   * ```ts
   * using blocked = HashMap.open("/sys/fs/bpf/blocked", { key: be32, value: struct({ packets: u64 }) });
   * for (const [address, { packets }] of blocked.entries()) console.log(address, packets);
   * ```
   */
  *entries(): Generator<[key: Decoded<Key>, value: Value], void> {
    const keySize = this.#key.size;
    const valueSize = this.#form.size;
    const batches = readBatches(this.map, keySize, valueSize);
    try {
      for (let step = batches.next(); ; step = batches.next()) {
        if (step.done) {
          if (step.value === "not supported") yield* this.#entriesOneByOne();
          return;
        }
        const { count, keys, values } = step.value;
        for (let index = 0; index < count; index += 1) {
          yield [decode(this.#key, keys, index * keySize), this.#form.decode(values, index * valueSize)];
        }
      }
    } finally {
      batches.return("complete");
    }
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#elements[Symbol.dispose]();
    if (this.#ownership === "owned") this.map[Symbol.dispose]();
  }

  *#entriesOneByOne(): Generator<[key: Decoded<Key>, value: Value], void> {
    using elements = new MapElements(this.map, this.#key.size, this.#form.size);
    // A key that is deleted while it is the current one sends the kernel back to the first: never more than fit.
    for (let seen = 0; seen < this.map.info.maxEntries && elements.advance(seen === 0); seen += 1) {
      if (elements.lookup()) yield [decode(this.#key, elements.key), this.#form.decode(elements.value, 0)];
    }
  }
}

import { Attributes } from "../bpf/attributes.ts";
import { type BpfCommand, tryBpf } from "../bpf/bpf-call.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";
import { bpf_map_element } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";

type ElementAttributes = Attributes<typeof bpf_map_element>;

/** Calls on single elements of one map, through a key, a value and attributes in memory that are made once. */
export class MapElements implements Disposable {
  readonly #map: BpfMap;
  readonly #key: MemoryBlock;
  readonly #value: MemoryBlock;
  readonly #withValue: ElementAttributes;
  /** For commands that know no value: each refuses fields that are not its own, unless they are 0. */
  readonly #withKey: ElementAttributes;

  constructor(map: BpfMap, keySize: number, valueSize: number) {
    this.#map = map;
    this.#key = arena().allocate(keySize);
    this.#value = arena().allocate(valueSize);
    // Maps without keys refuse the address of one.
    const key = keySize === 0 ? 0 : this.#key.address;
    this.#withValue = new Attributes(bpf_map_element, { key, value: this.#value.address });
    this.#withKey = new Attributes(bpf_map_element, { key });
  }

  get key(): DataView {
    return this.#key.view;
  }

  get value(): DataView {
    return this.#value.view;
  }

  /** Whether the key is there; its value is in `value` then. */
  lookup(): boolean {
    this.#withValue.set("flags", 0);
    return this.#call("BPF_MAP_LOOKUP_ELEM", this.#withValue, ERRNO.ENOENT);
  }

  /** Whether there was something to take out; it is in `value` then. */
  lookupAndDelete(): boolean {
    this.#withValue.set("flags", 0);
    return this.#call("BPF_MAP_LOOKUP_AND_DELETE_ELEM", this.#withValue, ERRNO.ENOENT);
  }

  /** @param flags `BPF_ANY`, `BPF_NOEXIST` or `BPF_EXIST` */
  update(flags: number): void {
    this.#withValue.set("flags", flags);
    this.#call("BPF_MAP_UPDATE_ELEM", this.#withValue);
  }

  /** Whether there was something to delete. */
  delete(): boolean {
    return this.#call("BPF_MAP_DELETE_ELEM", this.#withKey, ERRNO.ENOENT);
  }

  /** Puts the key behind the one in `key` there; false at the end. */
  advance(fromStart: boolean): boolean {
    // The next key may be written over the present one: the kernel has read it by then.
    const key = this.#key.address;
    using attributes = new Attributes(bpf_map_element, { key: fromStart ? 0 : key, next_key: key });
    return this.#call("BPF_MAP_GET_NEXT_KEY", attributes, ERRNO.ENOENT);
  }

  [Symbol.dispose](): void {
    for (const memory of [this.#key, this.#value, this.#withValue, this.#withKey]) memory[Symbol.dispose]();
  }

  #call(command: BpfCommand, attributes: ElementAttributes, absent?: number): boolean {
    attributes.set("map_fd", this.#map.descriptor.number);
    const result = tryBpf(command, attributes);
    if (result >= 0) return true;
    if (-result === absent) return false;
    const { maxEntries } = this.#map.info;
    throw systemError(command, `map "${this.#map.name}"`, -result, {
      advice: -result === ERRNO.E2BIG ? [`It was made for ${maxEntries} entries.`] : [],
    });
  }
}

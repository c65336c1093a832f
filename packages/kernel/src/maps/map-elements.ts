import { Attributes } from "../bpf/attributes.ts";
import { type BpfCommand, tryBpf } from "../bpf/bpf-call.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_map_element } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";

/** Calls on single elements of one map, through a key and a value in memory that is made once. */
export class MapElements implements Disposable {
  readonly #map: BpfMap;
  readonly #key: ReturnType<typeof allocate>;
  readonly #value: ReturnType<typeof allocate>;
  readonly #attributes: Attributes<typeof bpf_map_element>;

  constructor(map: BpfMap, keySize: number, valueSize: number) {
    this.#map = map;
    this.#key = allocate(keySize);
    this.#value = allocate(valueSize);
    this.#attributes = new Attributes(bpf_map_element, { key: this.#key.address, value: this.#value.address });
  }

  get key(): DataView {
    return this.#key.view;
  }

  get value(): DataView {
    return this.#value.view;
  }

  /** Whether the key is there; its value is in `value` then. */
  lookup(): boolean {
    return this.#call("BPF_MAP_LOOKUP_ELEM", 0, ERRNO.ENOENT);
  }

  /** @param flags `BPF_ANY`, `BPF_NOEXIST` or `BPF_EXIST` */
  update(flags: number): void {
    this.#call("BPF_MAP_UPDATE_ELEM", flags);
  }

  /** Whether there was something to delete. */
  delete(): boolean {
    return this.#call("BPF_MAP_DELETE_ELEM", 0, ERRNO.ENOENT);
  }

  /** Puts the key behind the one in `key` there; false at the end. */
  advance(fromStart: boolean): boolean {
    // The next key may be written over the present one: the kernel has read it by then.
    this.#attributes.assign({ key: fromStart ? 0 : this.#key.address, value: this.#key.address });
    try {
      return this.#call("BPF_MAP_GET_NEXT_KEY", 0, ERRNO.ENOENT);
    } finally {
      this.#attributes.assign({ key: this.#key.address, value: this.#value.address });
    }
  }

  [Symbol.dispose](): void {
    this.#key[Symbol.dispose]();
    this.#value[Symbol.dispose]();
    this.#attributes[Symbol.dispose]();
  }

  #call(command: BpfCommand, flags: number, absent?: number): boolean {
    this.#attributes.set("map_fd", this.#map.descriptor.number);
    this.#attributes.set("flags", flags);
    const result = tryBpf(command, this.#attributes);
    if (result >= 0) return true;
    if (-result === absent) return false;
    const { maxEntries } = this.#map.info;
    throw systemError(command, `map "${this.#map.name}"`, -result, {
      advice: -result === ERRNO.E2BIG ? [`It was made for ${maxEntries} entries.`] : [],
    });
  }
}

function allocate(size: number) {
  return arena().allocate(size);
}

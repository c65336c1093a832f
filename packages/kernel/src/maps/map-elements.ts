import { Attributes } from "../bpf/attributes.ts";
import { type BpfCommand, tryBpf } from "../bpf/bpf-call.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";
import { bpf_map_element } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";

type ElementFields = { readonly [Field in "key" | "value" | "next_key" | "flags"]?: number };

/** Calls on single elements of one map, through a key and a value in memory that is made once. */
export class MapElements implements Disposable {
  readonly #map: BpfMap;
  readonly #key: MemoryBlock;
  readonly #value: MemoryBlock;
  readonly #attributes: Attributes<typeof bpf_map_element>;

  constructor(map: BpfMap, keySize: number, valueSize: number) {
    this.#map = map;
    this.#key = arena().allocate(keySize);
    this.#value = arena().allocate(valueSize);
    this.#attributes = new Attributes(bpf_map_element);
  }

  get key(): DataView {
    return this.#key.view;
  }

  get value(): DataView {
    return this.#value.view;
  }

  /** Whether the key is there; its value is in `value` then. */
  lookup(): boolean {
    return this.#call("BPF_MAP_LOOKUP_ELEM", { key: this.#key.address, value: this.#value.address }, ERRNO.ENOENT);
  }

  /** @param flags `BPF_ANY`, `BPF_NOEXIST` or `BPF_EXIST` */
  update(flags: number): void {
    this.#call("BPF_MAP_UPDATE_ELEM", { key: this.#key.address, value: this.#value.address, flags });
  }

  /** Whether there was something to delete. */
  delete(): boolean {
    return this.#call("BPF_MAP_DELETE_ELEM", { key: this.#key.address }, ERRNO.ENOENT);
  }

  /** Puts the key behind the one in `key` there; false at the end. */
  advance(fromStart: boolean): boolean {
    // The next key may be written over the present one: the kernel has read it by then.
    const key = this.#key.address;
    return this.#call("BPF_MAP_GET_NEXT_KEY", { key: fromStart ? 0 : key, next_key: key }, ERRNO.ENOENT);
  }

  [Symbol.dispose](): void {
    this.#key[Symbol.dispose]();
    this.#value[Symbol.dispose]();
    this.#attributes[Symbol.dispose]();
  }

  #call(command: BpfCommand, fields: ElementFields, absent?: number): boolean {
    // A command refuses fields that are not its own, unless they are 0.
    this.#attributes.block.bytes.fill(0);
    this.#attributes.assign({ map_fd: this.#map.descriptor.number, ...fields });
    const result = tryBpf(command, this.#attributes);
    if (result >= 0) return true;
    if (-result === absent) return false;
    const { maxEntries } = this.#map.info;
    throw systemError(command, `map "${this.#map.name}"`, -result, {
      advice: -result === ERRNO.E2BIG ? [`It was made for ${maxEntries} entries.`] : [],
    });
  }
}

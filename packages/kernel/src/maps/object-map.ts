import type { MapType } from "@weir/bytecode";
import { type Decoded, type Layout, u32 } from "@weir/bytecode/layout";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import type { BpfMap } from "./bpf-map.ts";
import { checkMap } from "./check-layout.ts";
import { KeyedMap, type MapOwnership } from "./keyed-map.ts";
import { sharedValue } from "./value-form.ts";

/** What maps of programs and of maps have in common: their values are written as descriptors and read as ids. */
export class ObjectMap<Key extends Layout> implements Disposable {
  /** The map underneath: its descriptor, its name, its pin. */
  readonly map: BpfMap;
  readonly #entries: ObjectEntries<Key>;

  protected constructor(map: BpfMap, type: MapType, key: Key, ownership: MapOwnership) {
    checkMap(map, type, key, u32);
    this.map = map;
    this.#entries = new ObjectEntries(map, key, ownership);
  }

  /** The id of what is there; undefined when nothing is. */
  id(key: Decoded<Key>): number | undefined {
    return this.#entries.get(key);
  }

  /** Takes out what is there; says whether something was. */
  delete(key: Decoded<Key>): boolean {
    return this.#entries.delete(key);
  }

  protected put(key: Decoded<Key>, descriptor: FileDescriptor): void {
    this.#entries.set(key, descriptor.number);
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#entries[Symbol.dispose]();
  }
}

class ObjectEntries<Key extends Layout> extends KeyedMap<Key, number> {
  constructor(map: BpfMap, key: Key, ownership: MapOwnership) {
    super(map, key, sharedValue(u32), ownership);
  }
}

import type { MapSpec } from "../../spec.ts";
import { E2BIG, EEXIST, EINVAL, ENOENT } from "../errno.ts";
import { MachineError } from "../machine-error.ts";
import { ANY, EXIST, indexOf, keyOf, MachineMap, NO_EXIST } from "./machine-map.ts";

/** `BPF_MAP_TYPE_ARRAY_OF_MAPS` and `BPF_MAP_TYPE_HASH_OF_MAPS`. Programs look maps up; only user space puts them there. */
export class MapOfMaps extends MachineMap {
  /** By the key's bytes as text. */
  readonly #maps = new Map<string, readonly [key: Uint8Array, map: MachineMap]>();

  get #isArray(): boolean {
    return this.spec.type === "array-of-maps";
  }

  override lookup(key: Uint8Array): bigint {
    return this.#maps.get(key.join())?.[1].address ?? 0n;
  }

  /** The map at a key. */
  mapAt(key: Uint8Array): MachineMap | undefined {
    return this.#maps.get(key.join())?.[1];
  }

  /** Puts a map there, as user space does: 0, or a negative error number. */
  setMap(key: Uint8Array, map: MachineMap, flags: bigint = ANY): bigint {
    if (!this.#isLike(map.spec)) return EINVAL;
    if (flags > EXIST) return EINVAL;
    if (this.#isArray && indexOf(key) >= this.spec.maxEntries) return E2BIG;
    const exists = this.#maps.has(key.join());
    if (flags === NO_EXIST && (exists || this.#isArray)) return EEXIST;
    if (flags === EXIST && !exists && !this.#isArray) return ENOENT;
    if (!exists && !this.#isArray && this.#maps.size >= this.spec.maxEntries) return E2BIG;
    this.#maps.set(key.join(), [key.slice(), map]);
    return 0n;
  }

  override delete(key: Uint8Array): bigint {
    return this.#maps.delete(key.join()) ? 0n : ENOENT;
  }

  /** Fills in what the object file says. */
  fill(maps: ReadonlyMap<string, MachineMap>): void {
    for (const { index, name } of this.spec.entries ?? []) {
      const map = maps.get(name);
      if (map === undefined || this.setMap(keyOf(index), map) !== 0n) {
        throw new MachineError(
          `map "${name}" cannot be put into "${this.spec.name}": it is not there, or of another kind`,
        );
      }
    }
  }

  /** As the kernel compares an inner map with the one that the outer was made with. */
  #isLike(map: MapSpec): boolean {
    const { inner } = this.spec;
    if (inner === undefined) return true;
    const equal = inner.type === map.type && inner.keySize === map.keySize && inner.valueSize === map.valueSize;
    // Look-ups in arrays are inlined with the size of the one that the program was verified with.
    return equal && inner.flags === map.flags && (!map.type.endsWith("array") || inner.maxEntries === map.maxEntries);
  }
}

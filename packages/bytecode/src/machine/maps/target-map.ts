import { E2BIG, EEXIST, EINVAL, ENOENT } from "../errno.ts";
import { ANY, EXIST, indexOf, MachineMap, NO_EXIST } from "./machine-map.ts";
import { MapElement } from "./map-element.ts";

/**
 * `BPF_MAP_TYPE_DEVMAP`, `DEVMAP_HASH`, `CPUMAP` and `XSKMAP`: where a packet can be redirected to. Values are what user space
 * writes; whether there is such an interface, CPU or socket is not asked.
 */
export class TargetMap extends MachineMap {
  readonly #targets = new Map<number, MapElement>();

  /** `bpf_map_lookup_elem`, which the kernel allows for all but CPUMAPs. */
  override lookup(key: Uint8Array): bigint {
    if (this.spec.type === "cpu-map") throw this.without("values to look up");
    return this.#targets.get(indexOf(key))?.address(0) ?? 0n;
  }

  /** What programs get is the kernel's own. */
  override get isReadOnly(): boolean {
    return true;
  }

  /** Whether a packet can be redirected there. */
  has(index: number): boolean {
    return this.#targets.has(index);
  }

  override get(key: Uint8Array): Uint8Array | undefined {
    return this.#targets.get(indexOf(key))?.values[0]?.slice();
  }

  override set(key: Uint8Array, value: Uint8Array, flags: bigint = ANY): bigint {
    const index = indexOf(key);
    const isHash = this.spec.type === "device-hash";
    if (flags > EXIST) return EINVAL;
    if (!isHash && index >= this.spec.maxEntries) return E2BIG;
    const old = this.#targets.get(index);
    // In all but hash tables every index exists.
    if (flags === NO_EXIST && (!isHash || old !== undefined)) return EEXIST;
    if (flags === EXIST && isHash && old === undefined) return ENOENT;
    if (isHash && old === undefined && this.#targets.size >= this.spec.maxEntries) return E2BIG;
    // No interface and a queue of no packets are none.
    if (!isHash && indexOf(value) === 0) return this.unset(key);
    old?.release();
    this.#targets.set(index, new MapElement(this, this.surroundings, key.slice(), [value.slice()]));
    return 0n;
  }

  override delete(_key: Uint8Array): bigint {
    throw this.without("values that programs delete");
  }

  override unset(key: Uint8Array): bigint {
    const old = this.#targets.get(indexOf(key));
    this.#targets.delete(indexOf(key));
    old?.release();
    return old === undefined && this.spec.type === "device-hash" ? ENOENT : 0n;
  }

  override *entries(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    for (const { key, values } of [...this.#targets.values()])
      yield [key.slice(), values[0]?.slice() ?? new Uint8Array()];
  }
}

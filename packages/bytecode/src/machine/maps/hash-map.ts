import { E2BIG, EEXIST, EINVAL, ENOENT } from "../errno.ts";
import { ANY, EXIST, NO_EXIST } from "./machine-map.ts";
import { MapElement } from "./map-element.ts";
import { ValueMap } from "./value-map.ts";

/** `BPF_MAP_TYPE_HASH` and `BPF_MAP_TYPE_PERCPU_HASH`. */
export class HashMap extends ValueMap {
  /** By the key's bytes as text, in the order in which they came. */
  protected readonly table = new Map<string, MapElement>();

  override update(key: Uint8Array, value: Uint8Array, flags: bigint): bigint {
    if (!this.isPerCpu) return this.#write(key, flags, [value]);
    return this.#write(
      key,
      flags,
      Array.from({ length: this.copies }, (_, cpu) => (cpu === this.surroundings.cpu ? value : undefined)),
    );
  }

  override set(key: Uint8Array, value: Uint8Array, flags: bigint = ANY): bigint {
    return this.#write(key, flags, this.fromUser(value));
  }

  override delete(key: Uint8Array): bigint {
    const element = this.find(key);
    if (element === undefined) return ENOENT;
    this.table.delete(key.join());
    element.release();
    return 0n;
  }

  override elements(): readonly MapElement[] {
    return [...this.table.values()];
  }

  protected override find(key: Uint8Array): MapElement | undefined {
    return this.table.get(key.join());
  }

  /** Whether a new element has found room. */
  protected makeRoom(): boolean {
    return this.table.size < this.spec.maxEntries;
  }

  /** @param values for each CPU, or the only one; those that are undefined stay, or begin with zeros. */
  #write(key: Uint8Array, flags: bigint, values: readonly (Uint8Array | undefined)[]): bigint {
    const mode = this.withoutLock(flags);
    if (mode === undefined || mode > EXIST) return EINVAL;
    const old = this.find(key);
    if (mode === NO_EXIST && old !== undefined) return EEXIST;
    if (mode === EXIST && old === undefined) return ENOENT;
    if (old !== undefined && (this.isPerCpu || mode !== flags)) {
      for (const [cpu, value] of values.entries()) {
        const target = old.values[cpu];
        if (value !== undefined && target !== undefined) this.overwrite(target, value);
      }
      this.use(old);
      return 0n;
    }
    if (old === undefined && !this.makeRoom()) return E2BIG;
    const memory = values.map((value) => {
      const fresh = new Uint8Array(this.spec.valueSize);
      if (value !== undefined) this.overwrite(fresh, value);
      return fresh;
    });
    // A new element, also for an old key: who holds the old value's address goes on seeing the old value.
    this.table.delete(key.join());
    this.table.set(key.join(), new MapElement(this, this.surroundings, key.slice(), memory));
    old?.release();
    return 0n;
  }
}

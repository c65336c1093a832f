import type { MapSpec } from "../spec.ts";
import type { Memory } from "./memory.ts";

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`. */
const NO_EXIST = 1n;
const EXIST = 2n;
// Negative error numbers, as the helpers give them.
const ENOENT = -2n;
const E2BIG = -7n;
const EEXIST = -17n;
const EINVAL = -22n;

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** 0 until the entry is part of a memory. */
  address: bigint;
}

/**
 * A map of the machine. It lives from run to run; a per-CPU map has the values of one CPU, and an LRU map that is full
 * drops the entry that came first.
 */
export class MachineMap {
  readonly spec: MapSpec;
  readonly #entries = new Map<string, Entry>();
  #memory: Memory | undefined;

  constructor(spec: MapSpec) {
    this.spec = spec;
    if (!this.#isArray) return;
    for (let index = 0; index < spec.maxEntries; index++) {
      const key = new Uint8Array(4);
      new DataView(key.buffer).setUint32(0, index, true);
      this.set(key, new Uint8Array(spec.valueSize));
    }
  }

  get #isArray(): boolean {
    return this.spec.type === "array" || this.spec.type === "per-cpu-array";
  }

  /** Keys and values, in the order in which they came. The values are the map's own memory. */
  *entries(): Generator<readonly [key: Uint8Array, value: Uint8Array]> {
    for (const { key, value } of this.#entries.values()) yield [key, value];
  }

  /** The value, as the map's own memory; undefined when there is none. */
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(key.join())?.value;
  }

  /** Adds an entry, or changes the value of one in its place. */
  set(key: Uint8Array, value: Uint8Array): void {
    const existing = this.get(key);
    if (existing !== undefined) existing.set(value);
    else this.#entries.set(key.join(), { key: key.slice(), value: value.slice(), address: 0n });
  }

  /** The entries keep their bytes and get addresses in another memory. */
  enter(memory: Memory): void {
    this.#memory = memory;
    for (const entry of this.#entries.values()) entry.address = 0n;
  }

  /** `bpf_map_lookup_elem`: the address of the value, or 0. */
  lookup(key: Uint8Array): bigint {
    const entry = this.#entries.get(key.join());
    if (entry === undefined || this.#memory === undefined) return 0n;
    if (entry.address === 0n) entry.address = this.#memory.add(`a value of map "${this.spec.name}"`, entry.value);
    return entry.address;
  }

  /** `bpf_map_update_elem`. */
  update(key: Uint8Array, value: Uint8Array, flags: bigint): bigint {
    const exists = this.get(key) !== undefined;
    if (flags > EXIST) return EINVAL;
    if (this.#isArray && !exists) return E2BIG;
    if (flags === NO_EXIST && exists) return EEXIST;
    if (flags === EXIST && !exists) return ENOENT;
    if (!exists && this.#entries.size >= this.spec.maxEntries) {
      const [oldest] = this.#entries.keys();
      if (oldest === undefined || !this.spec.type.startsWith("lru-")) return E2BIG;
      this.#entries.delete(oldest);
    }
    this.set(key, value);
    return 0n;
  }

  /** `bpf_map_delete_elem`. */
  delete(key: Uint8Array): bigint {
    if (this.#isArray) return EINVAL;
    return this.#entries.delete(key.join()) ? 0n : ENOENT;
  }
}

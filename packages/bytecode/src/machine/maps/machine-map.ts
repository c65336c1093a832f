import type { MapSpec } from "../../spec.ts";
import { MachineError } from "../machine-error.ts";
import type { Surroundings } from "../surroundings.ts";
import type { MapElement } from "./map-element.ts";

/** `BPF_ANY`, `BPF_NOEXIST`, `BPF_EXIST`, `BPF_F_LOCK`. */
export const ANY = 0n;
export const NO_EXIST = 1n;
export const EXIST = 2n;
export const LOCKED = 4n;
/** `BPF_F_RDONLY_PROG`. */
const READ_ONLY_FOR_PROGRAMS = 1 << 7;

/** Words for the types of maps, in messages. */
const article = (type: string): string => (/^[aeiou]/.test(type) ? "an" : "a");

/**
 * A map of the machine. It lives from run to run. What programs do with it gives addresses, 0, or negative error numbers, as the
 * helpers do; `get`, `set` and `entries` are what user space does, with bytes as bpf(2) has them: of a per-CPU map the values of
 * all CPUs behind each other, each rounded up to 8 bytes.
 */
export abstract class MachineMap {
  readonly spec: MapSpec;
  /** Of the map itself, as programs load it. */
  readonly address: bigint;
  protected readonly surroundings: Surroundings;

  constructor(spec: MapSpec, surroundings: Surroundings) {
    this.spec = spec;
    this.surroundings = surroundings;
    this.address = surroundings.memory.add(`the inside of map "${spec.name}"`, new Uint8Array(), { owner: this });
  }

  /** Programs must not write to its values. */
  get isReadOnly(): boolean {
    return (this.spec.flags & READ_ONLY_FOR_PROGRAMS) !== 0;
  }

  /** `bpf_map_lookup_elem`: the address of the value, or 0. */
  lookup(_key: Uint8Array): bigint {
    throw this.without("values to look up");
  }

  /** `bpf_map_lookup_percpu_elem` (Linux 5.19). */
  lookupOn(_key: Uint8Array, _cpu: number): bigint {
    throw this.without("a value for each CPU");
  }

  /** `bpf_map_update_elem`. */
  update(_key: Uint8Array, _value: Uint8Array, _flags: bigint): bigint {
    throw this.without("values that programs set");
  }

  /** `bpf_map_delete_elem`. */
  delete(_key: Uint8Array): bigint {
    throw this.without("values that programs delete");
  }

  /** `bpf_map_push_elem`. */
  push(_value: Uint8Array, _flags: bigint): bigint {
    throw this.without("bpf_map_push_elem");
  }

  /** `bpf_map_pop_elem`: a value, or the error number. */
  pop(): Uint8Array | bigint {
    throw this.without("bpf_map_pop_elem");
  }

  /** `bpf_map_peek_elem`: the value, or the error number. */
  peek(_value: Uint8Array): Uint8Array | bigint {
    throw this.without("bpf_map_peek_elem");
  }

  /** The elements that `bpf_for_each_map_elem` goes through. */
  elements(): readonly MapElement[] {
    throw this.without("bpf_for_each_map_elem");
  }

  /** The address of its only value's byte, for global variables. */
  valueAddress(_offset: number): bigint {
    throw this.without("a value with an address of its own");
  }

  /** A copy of the value, undefined when there is none. */
  get(_key: Uint8Array): Uint8Array | undefined {
    throw this.without("values by key");
  }

  /** Sets the value at a key, as user space does: 0, or a negative error number. */
  set(_key: Uint8Array, _value: Uint8Array, _flags: bigint = ANY): bigint {
    throw this.without("values by key");
  }

  /** Takes a key out, as user space does: 0, or a negative error number. */
  unset(key: Uint8Array): bigint {
    return this.delete(key);
  }

  /** Copies of keys and values. */
  entries(): Iterable<readonly [key: Uint8Array, value: Uint8Array]> {
    throw this.without("values by key");
  }

  protected without(what: string): MachineError {
    const { name, type } = this.spec;
    return new MachineError(`map "${name}" is ${article(type)} ${type}: it has no ${what}`);
  }
}

/** A key of 4 bytes. */
export function keyOf(index: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, index, true);
  return key;
}

/** The number that a key of 4 bytes is. */
export function indexOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(0, true);
}

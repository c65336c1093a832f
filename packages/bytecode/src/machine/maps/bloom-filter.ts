import { EINVAL, ENOENT } from "../errno.ts";
import { ANY, MachineMap } from "./machine-map.ts";

/** `BPF_MAP_TYPE_BLOOM_FILTER` (Linux 5.16). This one is exact: it never takes a value that is not there for one that is. */
export class BloomFilter extends MachineMap {
  readonly #values = new Set<string>();

  override push(value: Uint8Array, flags: bigint): bigint {
    if (flags !== ANY) return EINVAL;
    this.#values.add(value.join());
    return 0n;
  }

  override peek(value: Uint8Array): Uint8Array | bigint {
    return this.#values.has(value.join()) ? value : ENOENT;
  }
}

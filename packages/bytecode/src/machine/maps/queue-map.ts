import { E2BIG, EINVAL, ENOENT } from "../errno.ts";
import { EXIST, MachineMap, NO_EXIST } from "./machine-map.ts";

/** `BPF_MAP_TYPE_QUEUE` and `BPF_MAP_TYPE_STACK` (Linux 4.20). */
export class QueueMap extends MachineMap {
  /** Oldest first. */
  readonly #values: Uint8Array[] = [];

  /** With `BPF_EXIST` the oldest value makes room. */
  override push(value: Uint8Array, flags: bigint): bigint {
    if ((flags & NO_EXIST) !== 0n || flags > EXIST) return EINVAL;
    if (this.#values.length >= this.spec.maxEntries) {
      if (flags !== EXIST) return E2BIG;
      this.#values.shift();
    }
    this.#values.push(value.slice());
    return 0n;
  }

  override pop(): Uint8Array | bigint {
    return (this.spec.type === "queue" ? this.#values.shift() : this.#values.pop()) ?? ENOENT;
  }

  override peek(): Uint8Array | bigint {
    return this.#values.at(this.spec.type === "queue" ? 0 : -1)?.slice() ?? ENOENT;
  }
}

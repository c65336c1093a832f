import { ENOENT } from "../errno.ts";
import { MapElement } from "./map-element.ts";
import { ValueMap } from "./value-map.ts";

/** `BPF_MAP_TYPE_SK_STORAGE` (Linux 5.2): a value for each socket, by the address of the socket. */
export class SocketStorage extends ValueMap {
  readonly #values = new Map<bigint, MapElement>();

  /** `bpf_sk_storage_get`: the address of the value, or 0. */
  storage(socket: bigint, initial: Uint8Array | undefined, create: boolean): bigint {
    let element = this.#values.get(socket);
    if (element === undefined && create) {
      const value = new Uint8Array(this.spec.valueSize);
      if (initial !== undefined) this.overwrite(value, initial);
      element = new MapElement(this, this.surroundings, new Uint8Array(), [value]);
      this.#values.set(socket, element);
    }
    return element?.address(0) ?? 0n;
  }

  /** `bpf_sk_storage_delete`. */
  drop(socket: bigint): bigint {
    const element = this.#values.get(socket);
    if (element === undefined) return ENOENT;
    this.#values.delete(socket);
    element.release();
    return 0n;
  }

  /** A copy of a socket's value. */
  valueFor(socket: bigint): Uint8Array | undefined {
    const element = this.#values.get(socket);
    return element && this.userValue(element);
  }

  override lookupOn(): bigint {
    throw this.without("values to look up");
  }

  override elements(): readonly MapElement[] {
    return [...this.#values.values()];
  }

  protected override find(): MapElement | undefined {
    throw this.without("values by key");
  }
}

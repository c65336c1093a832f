import { EEXIST, EINVAL, ENOENT, ENOSPC } from "../errno.ts";
import { ANY, EXIST, NO_EXIST } from "./machine-map.ts";
import { MapElement } from "./map-element.ts";
import { ValueMap } from "./value-map.ts";

/** `BPF_MAP_TYPE_LPM_TRIE`: keys are a number of bits and the bytes that they are in (`struct bpf_lpm_trie_key`). */
export class LpmTrie extends ValueMap {
  /** By the bits of the prefix as text. */
  readonly #table = new Map<string, MapElement>();

  get #longest(): number {
    return (this.spec.keySize - 4) * 8;
  }

  override update(key: Uint8Array, value: Uint8Array, flags: bigint): bigint {
    const prefix = this.#prefix(key);
    if (prefix === undefined || flags > EXIST) return EINVAL;
    const old = this.#table.get(prefix);
    if (flags === NO_EXIST && old !== undefined) return EEXIST;
    if (old === undefined) {
      if (flags === EXIST) return ENOENT;
      if (this.#table.size >= this.spec.maxEntries) return ENOSPC;
    }
    this.#table.set(prefix, new MapElement(this, this.surroundings, key.slice(), [value.slice()]));
    old?.release();
    return 0n;
  }

  override set(key: Uint8Array, value: Uint8Array, flags: bigint = ANY): bigint {
    return this.update(key, this.fromUser(value)[0] ?? value, flags);
  }

  override delete(key: Uint8Array): bigint {
    const prefix = this.#prefix(key);
    if (prefix === undefined) return EINVAL;
    const old = this.#table.get(prefix);
    if (old === undefined) return ENOENT;
    this.#table.delete(prefix);
    old.release();
    return 0n;
  }

  /** Longer prefixes before those that they begin with, as the kernel lists them. */
  override elements(): readonly MapElement[] {
    const prefixes = [...this.#table].sort(([a], [b]) => (a.startsWith(b) ? -1 : b.startsWith(a) ? 1 : a < b ? -1 : 1));
    return prefixes.map(([, element]) => element);
  }

  /** The longest prefix in the trie that the key begins with. */
  protected override find(key: Uint8Array): MapElement | undefined {
    const wanted = this.#prefix(key);
    if (wanted === undefined) return undefined;
    for (let length = wanted.length; length >= 0; length--) {
      const element = this.#table.get(wanted.slice(0, length));
      if (element !== undefined) return element;
    }
    return undefined;
  }

  /** The bits that count, as text; undefined when the key says that it has more than fit. */
  #prefix(key: Uint8Array): string | undefined {
    const length = new DataView(key.buffer, key.byteOffset).getUint32(0, true);
    if (length > this.#longest) return undefined;
    const bits = Array.from(key.subarray(4), (byte) => byte.toString(2).padStart(8, "0")).join("");
    return bits.slice(0, length);
  }
}

import type { MapDeclaration } from "../constants/constant.ts";
import { E2BIG, EEXIST, EINVAL, ENOENT } from "./errno.ts";
import type { Reference } from "./runtime-value.ts";

const BPF_NOEXIST = 1n;
const BPF_EXIST = 2n;

/** A map as one CPU sees it. */
export class MapMemory {
  readonly #declaration: MapDeclaration;
  /** By the key's bytes as text. */
  readonly #values = new Map<string, Uint8Array>();

  /** What was sent to user space, or waits in a queue, in order. */
  readonly #list: Uint8Array[] = [];

  constructor(declaration: MapDeclaration) {
    this.#declaration = declaration;
    if (declaration.operations !== "array") return;
    for (let index = 0; index < declaration.maxEntries; index++) {
      this.#values.set(hex(indexBytes(index)), new Uint8Array(declaration.value?.size ?? 0));
    }
  }

  lookup(key: Uint8Array): Reference | null {
    const memory =
      this.#declaration.operations === "prefixes" ? this.#longestPrefixOf(key) : this.#values.get(hex(key));
    return memory === undefined ? null : { memory, offset: 0 };
  }

  /** 0, or a negative error number, as the kernel has it. */
  update(given: Uint8Array, value: Uint8Array, mode: bigint): bigint {
    const key = this.#declaration.operations === "prefixes" ? canonical(given) : given;
    if (key === undefined) return EINVAL;
    const known = this.#values.get(hex(key));
    if (known !== undefined && mode === BPF_NOEXIST) return EEXIST;
    if (known === undefined && mode === BPF_EXIST) return ENOENT;
    if (known === undefined && this.#values.size >= this.#declaration.maxEntries) return E2BIG;
    this.#values.set(hex(key), value.slice());
    return 0n;
  }

  delete(key: Uint8Array): bigint {
    const known = this.#declaration.operations === "prefixes" ? canonical(key) : key;
    if (known === undefined) return EINVAL;
    return this.#values.delete(hex(known)) ? 0n : ENOENT;
  }

  /** What is in it when this begins, without what is deleted meanwhile. */
  *references(): Iterable<readonly [key: Reference, value: Reference]> {
    for (const [text, memory] of [...this.#values]) {
      if (!this.#values.has(text)) continue;
      yield [
        { memory: unhex(text), offset: 0 },
        { memory, offset: 0 },
      ];
    }
  }

  /** A record for user space. */
  append(record: Uint8Array): void {
    this.#list.push(record.slice());
  }

  /** Bytes that user space has not read: each record has a head of 8, and begins at a multiple of that. */
  get waiting(): bigint {
    return this.#list.reduce((sum, { length }) => sum + BigInt((length + 15) & ~7), 0n);
  }

  /** Into a queue or onto a stack; with `BPF_EXIST` the oldest makes room. */
  push(value: Uint8Array, mode: bigint): bigint {
    if (this.#list.length >= this.#declaration.maxEntries) {
      if (mode !== BPF_EXIST) return E2BIG;
      this.#list.shift();
    }
    this.#list.push(value.slice());
    return 0n;
  }

  /** The oldest of a queue, the newest of a stack. */
  next(take: boolean): Uint8Array | undefined {
    const index = this.#declaration.type === "stack" ? this.#list.length - 1 : 0;
    const value = this.#list[index];
    if (take && value !== undefined) this.#list.splice(index, 1);
    return value;
  }

  /** Into a Bloom filter. */
  add(value: Uint8Array): void {
    this.#values.set(hex(value), value.slice());
  }

  has(value: Uint8Array): boolean {
    return this.#values.has(hex(value));
  }

  /** Everything in it, for comparing: keys and values as hexadecimal text, sorted by key. */
  contents(): readonly (readonly [key: string, value: string])[] {
    if (this.#list.length > 0) return this.#list.map((value, index) => [String(index), hex(value)]);
    return [...this.#values].map(([key, value]) => [key, hex(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #longestPrefixOf(key: Uint8Array): Uint8Array | undefined {
    const most = prefixLength(key);
    for (let length = Math.min(most, bitsOf(key)); length >= 0; length--) {
      const prefix = canonical(withLength(key, length));
      const found = prefix && this.#values.get(hex(prefix));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const PREFIX_LENGTH = 4;
const bitsOf = (key: Uint8Array): number => (key.length - PREFIX_LENGTH) * 8;
const prefixLength = (key: Uint8Array): number => new DataView(key.buffer, key.byteOffset).getUint32(0, true);

function withLength(key: Uint8Array, length: number): Uint8Array {
  const changed = key.slice();
  new DataView(changed.buffer).setUint32(0, length, true);
  return changed;
}

/** The key with zeros behind its prefix; undefined when the prefix is longer than the key. */
function canonical(key: Uint8Array): Uint8Array | undefined {
  const length = prefixLength(key);
  if (length > bitsOf(key)) return undefined;
  return key.map((byte, index) => {
    if (index < PREFIX_LENGTH) return byte;
    const bits = Math.min(Math.max(length - (index - PREFIX_LENGTH) * 8, 0), 8);
    return byte & ~(0xff >> bits);
  });
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const unhex = (text: string): Uint8Array =>
  Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16));

const indexBytes = (index: number): Uint8Array =>
  Uint8Array.of(index & 0xff, (index >> 8) & 0xff, (index >> 16) & 0xff, (index >> 24) & 0xff);

import type { MapDeclaration } from "../constants/constant.ts";
import type { Reference } from "./runtime-value.ts";

const EEXIST = 17;
const ENOENT = 2;
const E2BIG = 7;
const BPF_NOEXIST = 1n;
const BPF_EXIST = 2n;

/** A map as one CPU sees it. */
export class MapMemory {
  readonly #declaration: MapDeclaration;
  /** By the key's bytes as text. */
  readonly #values = new Map<string, Uint8Array>();

  constructor(declaration: MapDeclaration) {
    this.#declaration = declaration;
    if (declaration.key !== undefined) return;
    for (let index = 0; index < declaration.maxEntries; index++) {
      this.#values.set(hex(indexBytes(index)), new Uint8Array(declaration.value.size));
    }
  }

  lookup(key: Uint8Array): Reference | null {
    const memory = this.#values.get(hex(key));
    return memory === undefined ? null : { memory, offset: 0 };
  }

  /** 0, or a negative error number, as the kernel has it. */
  update(key: Uint8Array, value: Uint8Array, mode: bigint): bigint {
    const known = this.#values.get(hex(key));
    if (known !== undefined && mode === BPF_NOEXIST) return BigInt(-EEXIST);
    if (known === undefined && mode === BPF_EXIST) return BigInt(-ENOENT);
    if (known === undefined && this.#values.size >= this.#declaration.maxEntries) return BigInt(-E2BIG);
    this.#values.set(hex(key), value.slice());
    return 0n;
  }

  delete(key: Uint8Array): bigint {
    return this.#values.delete(hex(key)) ? 0n : BigInt(-ENOENT);
  }

  /** Everything in it, for comparing: keys and values as hexadecimal text, sorted by key. */
  contents(): readonly (readonly [key: string, value: string])[] {
    return [...this.#values].map(([key, value]) => [key, hex(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const indexBytes = (index: number): Uint8Array =>
  Uint8Array.of(index & 0xff, (index >> 8) & 0xff, (index >> 16) & 0xff, (index >> 24) & 0xff);

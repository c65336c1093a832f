import type { Address } from "../native/native-calls.ts";

/** A piece of the arena: memory that stays where it is, whatever the garbage collector does. */
export class MemoryBlock implements Disposable {
  /** Bytes. */
  readonly size: number;
  readonly #address: Address;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView<ArrayBuffer>;
  #giveBack: (() => void) | undefined;

  constructor(buffer: ArrayBuffer, offset: number, size: number, address: Address, giveBack: () => void) {
    this.size = size;
    this.#address = address;
    this.#bytes = new Uint8Array(buffer, offset, size);
    this.#view = new DataView(buffer, offset, size);
    this.#giveBack = giveBack;
  }

  /** What may be told to the kernel. */
  get address(): Address {
    this.#checkOpen();
    return this.#address;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    this.#checkOpen();
    return this.#bytes;
  }

  get view(): DataView<ArrayBuffer> {
    this.#checkOpen();
    return this.#view;
  }

  /** Gives the memory back to the arena, which may hand it out again. Twice is harmless. */
  [Symbol.dispose](): void {
    const giveBack = this.#giveBack;
    this.#giveBack = undefined;
    giveBack?.();
  }

  #checkOpen(): void {
    if (this.#giveBack === undefined) throw new TypeError("this memory was given back to the arena");
  }
}

import type { FunctionBuilder, Value } from "@weir/codegen";

/** Each word has eight bytes, and lies in their second half: verifiers remember what was stored at the beginning of eight. */
const STRIDE = 8;
const FORGOTTEN = 4;

/**
 * Words on the stack that the verifier knows nothing of. So the ways that lead to a place in the program are one state to it, and it goes
 * through what follows once and not once for each of them. None of them may be zero, which it remembers wherever it is.
 */
export class HiddenWords {
  readonly #builder: FunctionBuilder;
  /** Of the first one. */
  readonly address: Value;

  constructor(builder: FunctionBuilder, address: Value) {
    this.#builder = builder;
    this.address = address;
  }

  /** So many new ones, not stored yet. */
  static on(builder: FunctionBuilder, count: number): HiddenWords {
    return new HiddenWords(builder, builder.stackSlot(count * STRIDE, STRIDE));
  }

  load(index: number): Value {
    return this.#builder.load(32, this.address, index * STRIDE + FORGOTTEN, { volatile: true });
  }

  store(index: number, value: Value): void {
    this.#builder.store(32, this.address, index * STRIDE + FORGOTTEN, value);
  }
}

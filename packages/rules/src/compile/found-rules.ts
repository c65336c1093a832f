import type { Block, FunctionBuilder, Value } from "@weir/codegen";
import { HiddenWords } from "./hidden.ts";

/** No rule decided. */
export const NO_RULE = 0xffff_ffff;

const DECIDED = 0;
const LENGTH = 1;
/** The words behind are for rules that do not decide. */
const FIRST = 2;
/** Bits of a word for rules; the highest one is always set. */
const BITS = 31;
const UNTOUCHED = 0x8000_0000n;

/** What is found out about a frame: the first rule that decides, and which of the others matched. And the length of the frame. */
export class FoundRules {
  readonly #builder: FunctionBuilder;
  readonly #words: HiddenWords;
  readonly #bits: ReadonlyMap<number, number>;

  private constructor(builder: FunctionBuilder, words: HiddenWords, bits: ReadonlyMap<number, number>) {
    this.#builder = builder;
    this.#words = words;
    this.#bits = bits;
  }

  /**
   * Nothing has been found out.
   *
   * @param others numbers of the rules that do not decide, in their order
   * @param length of the frame; not zero
   */
  static none(builder: FunctionBuilder, others: readonly number[], length: Value): FoundRules {
    const words = HiddenWords.on(builder, FIRST + Math.ceil(others.length / BITS));
    words.store(DECIDED, builder.constant(32, BigInt(NO_RULE)));
    words.store(LENGTH, length);
    for (let index = 0; index * BITS < others.length; index++) {
      words.store(FIRST + index, builder.constant(32, UNTOUCHED));
    }
    return new FoundRules(builder, words, new Map(others.map((rule, index) => [rule, index])));
  }

  /** The same for another function, which is given the {@link address}. */
  in(builder: FunctionBuilder, address: Value): FoundRules {
    return new FoundRules(builder, new HiddenWords(builder, address), this.#bits);
  }

  get address(): Value {
    return this.#words.address;
  }

  /** The first rule that decides, or {@link NO_RULE}. */
  get decided(): Value {
    return this.#words.load(DECIDED);
  }

  /** Of the frame. */
  get length(): Value {
    return this.#words.load(LENGTH);
  }

  /**
   * Zero, which the verifier does not know: what it learns of an address that this was added to is of no use to others, or else it would go
   * through what follows once for each distance that something was read at.
   */
  get zero(): Value {
    const builder = this.#builder;
    // Lengths have fewer bits.
    return builder.zeroExtend(builder.binary("shr", 32, this.length, builder.constant(32, 31n)), 32, 64);
  }

  /** A rule that decides matches. */
  decide(rule: number): void {
    const builder = this.#builder;
    const number = builder.constant(32, BigInt(rule));
    const [earlier, after] = [builder.block(), builder.block()];
    builder.branch("ugt", 32, this.decided, number, earlier, after);
    enter(builder, earlier);
    this.#words.store(DECIDED, number);
    builder.jump(after);
    enter(builder, after);
  }

  /** A rule that was marked decides: it is before the one that was found. */
  decideAfterAll(rule: number): void {
    this.#words.store(DECIDED, this.#builder.constant(32, BigInt(rule)));
  }

  /** A rule that does not decide matches. */
  mark(rule: number): void {
    const [word, bit] = this.#place(rule);
    const builder = this.#builder;
    this.#words.store(word, builder.binary("or", 32, this.#words.load(word), builder.constant(32, bit)));
  }

  /** Goes through the rules that do not decide and matched; `act` is called in a block for each, and ends where it likes. */
  eachMarked(act: (rule: number) => void): void {
    const builder = this.#builder;
    const rules = [...this.#bits.keys()];
    for (let index = 0; index * BITS < rules.length; index++) {
      const [touched, after] = [builder.block(), builder.block()];
      const word = this.#words.load(FIRST + index);
      builder.branch("ne", 32, word, builder.constant(32, UNTOUCHED), touched, after);
      enter(builder, touched);
      for (const rule of rules.slice(index * BITS, (index + 1) * BITS)) {
        const [at, bit] = this.#place(rule);
        const [marked, next] = [builder.block(), builder.block()];
        builder.branch("set", 32, this.#words.load(at), builder.constant(32, bit), marked, next);
        enter(builder, marked);
        act(rule);
        builder.jump(next);
        enter(builder, next);
      }
      builder.jump(after);
      enter(builder, after);
    }
  }

  #place(rule: number): readonly [word: number, bit: bigint] {
    const index = this.#bits.get(rule);
    if (index === undefined) throw new Error(`rule ${rule} is one that decides`);
    return [FIRST + Math.floor(index / BITS), 1n << BigInt(index % BITS)];
  }
}

/** Goes on in a block that nothing else will jump to any more. */
export function enter(builder: FunctionBuilder, block: Block): void {
  builder.seal(block);
  builder.enter(block);
}

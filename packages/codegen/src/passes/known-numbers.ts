import { constantOf } from "../fold/constant.ts";
import { trulyPossibleBits } from "../fold/possible-bits.ts";
import type { Block } from "../ir/block.ts";
import { NumberSet } from "../ir/number-set.ts";
import type { Value } from "../ir/value.ts";
import { regionOf } from "./memory-region.ts";

/** How far to look through operands. */
const DEPTH = 5;
/** Sets of more intervals are no longer taken apart. */
const MOST_INTERVALS = 8;

/** Which numbers values can be at a place of a function: of what they are made, and what branches on the way there say. */
export class KnownNumbers {
  /** Of counters of loops. */
  readonly #maxima: ReadonlyMap<Value, bigint>;
  readonly #facts = new Map<Value, NumberSet>();
  /** What is known of values wherever they are. */
  readonly #everywhere = new Map<Value, NumberSet>();

  constructor(maxima: ReadonlyMap<Value, bigint>) {
    this.#maxima = maxima;
  }

  /** Takes note of the branch that leads to a block. @returns what to call when the blocks that it dominates are left */
  enter(block: Block): () => void {
    const [only, second] = block.predecessors;
    const branch = only?.terminator;
    if (second !== undefined || branch?.kind !== "branch" || branch.pointers) return () => {};
    const asked = NumberSet.of(branch);
    if (asked === undefined) return () => {};
    const told: (readonly [Value, NumberSet | undefined])[] = [];
    const tell = (value: Value, numbers: NumberSet): void => {
      const before = this.#facts.get(value);
      const now = this.of(value).and(numbers);
      if (now.intervals.length > MOST_INTERVALS) return;
      told.push([value, before]);
      this.#facts.set(value, now);
    };
    const numbers = branch.whenTrue === block ? asked : asked.opposite();
    const left = branch.left.current;
    tell(left, numbers);
    // Of the number that was extended the same is known.
    const [inner] = left.operands;
    if (left.operation.kind === "zero-extend" && inner !== undefined) tell(inner.current, numbers.withWidth(32));
    return () => {
      for (const [value, before] of told.toReversed()) {
        if (before === undefined) this.#facts.delete(value);
        else this.#facts.set(value, before);
      }
    };
  }

  of(value: Value): NumberSet {
    return this.#numbers(value.current, DEPTH, true);
  }

  /** @param here whether what branches say of a value holds: it does not for what a phi was in the round before */
  #numbers(value: Value, depth: number, here: boolean): NumberSet {
    const known = here ? undefined : this.#everywhere.get(value);
    if (known !== undefined) return known;
    const some = NumberSet.upTo(value.width === 64 ? 64 : 32, trulyPossibleBits(value));
    // A phi may come back to itself.
    if (!here) this.#everywhere.set(value, some);
    const numbers = depth === 0 ? some : this.#computed(value, some, depth, here);
    if (here) return this.#facts.get(value)?.and(numbers) ?? numbers;
    this.#everywhere.set(value, numbers);
    return numbers;
  }

  #computed(value: Value, some: NumberSet, depth: number, here: boolean): NumberSet {
    const { operation, operands } = value;
    const { width } = some;
    const of = (index: number, stillHere = here): NumberSet => {
      const operand = operands[index]?.current;
      return operand === undefined ? NumberSet.all(width) : this.#numbers(operand, depth - 1, stillHere);
    };
    const maximum = this.#maxima.get(value);
    const plain = maximum === undefined ? some : NumberSet.upTo(width, maximum);
    const constant = constantOf(operands[1]);
    switch (operation.kind) {
      case "constant":
        return NumberSet.between(width, operation.value, operation.value);
      case "zero-extend":
        // The kernel makes addresses of some fields of 32 bits.
        return regionOf(value) === "number" ? of(0).withWidth(64) : NumberSet.all(64);
      case "truncate": {
        const left = of(0);
        return left.most >> 32n === 0n ? left.withWidth(32) : plain;
      }
      case "phi": {
        if (maximum !== undefined || operands.length === 0) return plain;
        let numbers = NumberSet.none(width);
        for (const index of operands.keys()) {
          if (operands[index]?.current !== value) numbers = numbers.with(of(index, false));
          if (numbers.intervals.length > MOST_INTERVALS) return plain;
        }
        return numbers.and(plain);
      }
      case "binary":
        switch (operation.operator) {
          case "add": {
            const left = of(0);
            if (constant !== undefined) return left.plus(constant).and(plain);
            const right = of(1);
            return NumberSet.between(width, left.least + right.least, left.most + right.most).and(plain);
          }
          case "and": {
            const [left, right] = [of(0).most, of(1).most];
            return NumberSet.upTo(width, left < right ? left : right).and(plain);
          }
          case "shr": {
            if (constant === undefined) return plain;
            const amount = constant % BigInt(width);
            const left = of(0);
            return NumberSet.between(width, left.least >> amount, left.most >> amount).and(plain);
          }
          case "div": {
            if (constant === undefined || constant === 0n) return plain;
            const left = of(0);
            return NumberSet.between(width, left.least / constant, left.most / constant).and(plain);
          }
          case "mul": {
            const [left, right] = [of(0), of(1)];
            return NumberSet.between(width, left.least * right.least, left.most * right.most).and(plain);
          }
          default:
            return plain;
        }
      default:
        return plain;
    }
  }
}

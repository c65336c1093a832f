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
    const width = value.width === 64 ? 64 : 32;
    const some = NumberSet.upTo(width, trulyPossibleBits(value));
    const compute = (): NumberSet => (depth === 0 ? some : this.#computed(value, width, depth, here));
    if (here) return this.#facts.get(value)?.and(compute()) ?? compute();
    let known = this.#everywhere.get(value);
    if (known !== undefined) return known;
    // A phi may come back to itself.
    this.#everywhere.set(value, some);
    known = compute();
    this.#everywhere.set(value, known);
    return known;
  }

  #computed(value: Value, width: 32 | 64, depth: number, here: boolean): NumberSet {
    const { operation, operands } = value;
    const of = (index: number, stillHere = here): NumberSet => {
      const operand = operands[index]?.current;
      return operand === undefined ? NumberSet.all(width) : this.#numbers(operand, depth - 1, stillHere);
    };
    const maximum = this.#maxima.get(value);
    const plain = NumberSet.upTo(width, maximum ?? trulyPossibleBits(value));
    const constant = constantOf(operands[1]);
    switch (operation.kind) {
      case "constant":
        return NumberSet.between(width, operation.value, operation.value);
      case "zero-extend":
        // The kernel makes addresses of some fields of 32 bits.
        return regionOf(value) === "number" ? of(0).withWidth(64) : NumberSet.all(64);
      case "truncate":
        return of(0).most >> 32n === 0n ? of(0).withWidth(32) : plain;
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
            if (constant !== undefined) return of(0).plus(constant).and(plain);
            return NumberSet.between(width, of(0).least + of(1).least, of(0).most + of(1).most).and(plain);
          }
          case "and":
            return NumberSet.upTo(width, of(0).most < of(1).most ? of(0).most : of(1).most).and(plain);
          case "shr": {
            if (constant === undefined) return plain;
            const amount = constant % BigInt(width);
            return NumberSet.between(width, of(0).least >> amount, of(0).most >> amount).and(plain);
          }
          case "div":
            if (constant === undefined || constant === 0n) return plain;
            return NumberSet.between(width, of(0).least / constant, of(0).most / constant).and(plain);
          case "mul":
            return NumberSet.between(width, of(0).least * of(1).least, of(0).most * of(1).most).and(plain);
          default:
            return plain;
        }
      default:
        return plain;
    }
  }
}

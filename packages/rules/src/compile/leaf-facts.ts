import { type Leaf, type NumberValue, nextHeaderOf, type Read } from "@weir/pcap-filter/meaning";
import { eachRead, type FieldRange, numbersOf, otherThan, rangeOf } from "./field.ts";

/** What there is to know of a comparison wherever it is asked. */
export interface LeafFacts {
  /** The values of a field for which it is true, and for which it is false; undefined where it is not about one. */
  readonly ranges: { readonly isTrue: FieldRange; readonly isFalse: FieldRange } | undefined;
  /** What has to be read for an answer: there is none if one of these is not there. */
  readonly reads: readonly Read[];
  /** Whether there is an answer where all of that can be read. */
  readonly isSure: boolean;
}

// Each is asked in all situations that frames are told apart by, of which there are two dozen.
const known = new WeakMap<Leaf, LeafFacts>();

export function factsOf(leaf: Leaf): LeafFacts {
  const before = known.get(leaf);
  if (before !== undefined) return before;
  const range = leaf.kind === "compare" ? rangeOf(leaf) : undefined;
  const numbers = numbersOf(leaf);
  const reads: Read[] = leaf.kind === "chain" ? [nextHeaderOf(leaf)] : [];
  for (const number of numbers) eachRead(number, (read) => reads.push(read));
  const facts: LeafFacts = {
    ranges: range && { isTrue: range, isFalse: otherThan(range) },
    reads,
    isSure: leaf.kind !== "chain" && !numbers.some(divides),
  };
  known.set(leaf, facts);
  return facts;
}

/** Whether there is a quotient whose divisor may be zero. */
function divides(value: NumberValue): boolean {
  if (value.kind === "read") return value.index !== undefined && divides(value.index);
  if (value.kind !== "binary") return false;
  const isQuotient = value.operator === "div" || value.operator === "mod";
  if (isQuotient && !(value.right.kind === "number" && value.right.value !== 0)) return true;
  return divides(value.left) || divides(value.right);
}

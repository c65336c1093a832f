import type { Leaf, NumberValue, Predicate, Read } from "@weir/pcap-filter/meaning";
import { allOf, complement, fromTo, type Ranges } from "./ranges.ts";

/** What expressions call the payload's place is 14 bytes behind that of a link header that has no tags. */
const LINK_HEADER = 14;

/**
 * A place in the frame: so many bytes from its start, or from where a link header without tags would begin, which is the same where a
 * frame has no tags.
 */
export interface Place {
  readonly base: "frame" | "link";
  readonly at: number;
  /** Where the header of IPv4 begins whose length is added. */
  readonly behind: number | undefined;
}

/** A number in a frame that is compared with constants. */
export interface Field {
  /** The same for the same number. */
  readonly key: string;
  readonly bits: number;
  /** Undefined for the length of the whole frame. */
  readonly place: (Place & { readonly bytes: Read["bytes"] }) | undefined;
}

/** Which values of a field a comparison holds for. */
export interface FieldRange {
  readonly field: Field;
  readonly ranges: Ranges;
}

/** Where something is read, without what is added to it. */
export function placeOf({ base, at, behind }: Pick<Read, "base" | "at" | "behind">): Place {
  if (base === "frame") return { base, at, behind };
  return { base: "link", at: at + LINK_HEADER, behind: behind === undefined ? undefined : behind + LINK_HEADER };
}

/** The field that a number is; undefined where it is computed. */
export function fieldOf(value: NumberValue): Field | undefined {
  if (value.kind === "length") return { key: "length", bits: 32, place: undefined };
  if (value.kind !== "read" || value.index !== undefined) return undefined;
  const place = placeOf(value);
  const { base, at, behind } = place;
  return {
    key: `${base} ${behind ?? ""}+${at}:${value.bytes}`,
    bits: 8 * value.bytes,
    place: { ...place, bytes: value.bytes },
  };
}

/** The values of a field for which a comparison holds; undefined where it is not of one field and a constant, or has no ranges. */
export function rangeOf(predicate: Extract<Predicate, { readonly kind: "compare" }>): FieldRange | undefined {
  const { left, comparison, right } = predicate;
  if (right.kind !== "number") return undefined;
  if (left.kind === "binary") return rangeOfMasked(left, comparison, right.value);
  const field = fieldOf(left);
  if (field === undefined) return undefined;
  const largest = 2 ** field.bits - 1;
  switch (comparison) {
    case "eq":
      return { field, ranges: fromTo(right.value, Math.min(right.value, largest)) };
    case "gt":
      return { field, ranges: fromTo(right.value + 1, largest) };
    case "ge":
      return { field, ranges: fromTo(right.value, largest) };
    case "set":
      return undefined;
  }
}

/** `address & 0xffffff00 = 0xc0000200`: all addresses of a net lie behind each other. */
function rangeOfMasked(
  left: Extract<NumberValue, { readonly kind: "binary" }>,
  comparison: string,
  value: number,
): FieldRange | undefined {
  const field = fieldOf(left.left);
  if (field === undefined || left.operator !== "and" || left.right.kind !== "number" || comparison !== "eq")
    return undefined;
  const [all] = allOf(field.bits);
  const rest = (all?.last ?? 0) - left.right.value;
  // The bits that do not count are the lowest ones.
  if (rest < 0 || (rest & (rest + 1)) !== 0) return undefined;
  return (value & rest) !== 0 ? { field, ranges: [] } : { field, ranges: fromTo(value, value + rest) };
}

/** The other values of a field. */
export function otherThan({ field, ranges }: FieldRange): FieldRange {
  return { field, ranges: allOf(field.bits).flatMap((all) => complement(ranges, all)) };
}

/** The numbers that a comparison is made of, or that a set is asked for. */
export function numbersOf(leaf: Leaf): readonly NumberValue[] {
  if (leaf.kind === "compare") return [leaf.left, leaf.right];
  return leaf.kind === "member" ? leaf.words : [];
}

/** Calls back with all reads that a number is made of, those that others are found by included. */
export function eachRead(value: NumberValue, use: (read: Read) => void): void {
  if (value.kind === "read") {
    use(value);
    if (value.index !== undefined) eachRead(value.index, use);
  } else if (value.kind === "binary") {
    eachRead(value.left, use);
    eachRead(value.right, use);
  }
}

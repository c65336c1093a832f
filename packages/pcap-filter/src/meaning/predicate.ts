import { calculate } from "./calculate.ts";

/**
 * What an expression asks of a frame, with all names resolved and all offsets known. A read behind the end of the frame ends the whole
 * expression without a match, whatever is around it: also inside `not`. So the order of the parts is part of the meaning.
 */
export type Predicate =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "and"; readonly left: Predicate; readonly right: Predicate }
  | { readonly kind: "not"; readonly operand: Predicate }
  | {
      readonly kind: "compare";
      readonly comparison: Comparison;
      readonly left: NumberValue;
      readonly right: NumberValue;
    }
  | Member
  | ProtocolChain;

/** Of unsigned numbers; `set` is: they have a bit in common. */
export type Comparison = "eq" | "gt" | "ge" | "set";

/** A number of 32 bits. */
export type NumberValue =
  | { readonly kind: "number"; readonly value: number }
  /** Of the whole frame, also of what was not captured. */
  | { readonly kind: "length" }
  | Read
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: NumberValue;
      readonly right: NumberValue;
    };

/**
 * Where offsets begin: at the frame's first byte, or at the network header behind all its VLAN tags, up to {@link MOST_TAGS} of the types
 * {@link TAG_TYPES}. Where a tag is cut off, a read from "payload" ends the whole expression without a match, like one behind the end.
 */
export type Base = "frame" | "payload";

/** Types by which a frame of Ethernet says that a VLAN tag follows. */
export const TAG_TYPES = [0x8100, 0x88a8, 0x9100] as const;

/** Tags that are looked behind; one more is not, and its type is then the frame's. */
export const MOST_TAGS = 8;

/** Big-endian bytes of the frame. */
export interface Read {
  readonly kind: "read";
  readonly bytes: 1 | 2 | 4;
  readonly base: Base;
  /** From the base on; at least -14. */
  readonly at: number;
  /** Where from the base on a header of IPv4 begins whose length is added. */
  readonly behind: number | undefined;
  /** What is added besides. */
  readonly index: NumberValue | undefined;
}

/** A quotient by zero ends the whole expression without a match; what is shifted by more than 31 is zero. */
export type BinaryOperator = "add" | "sub" | "mul" | "div" | "mod" | "and" | "or" | "xor" | "shl" | "shr";

/** Whether a protocol is among the headers behind that of IPv4 or IPv6. */
export interface ProtocolChain {
  readonly kind: "chain";
  readonly version: 4 | 6;
  readonly protocol: number;
  readonly base: Base;
  /** Where from the base on the header of IP begins. */
  readonly at: number;
}

/** Where the headers of IP say what is behind them. */
const IPV4_PROTOCOL = 9;
const IPV6_NEXT = 6;

/** What a chain of headers begins with: the header of IP says which one is behind it. */
export function nextHeaderOf({ version, base, at }: ProtocolChain): Read {
  const place = at + (version === 4 ? IPV4_PROTOCOL : IPV6_NEXT);
  return { kind: "read", bytes: 1, base, at: place, behind: undefined, index: undefined };
}

/** Whether something of a frame is in a set, which has a name and may change. */
export interface Member {
  readonly kind: "member";
  /** Its name, without the @. */
  readonly set: string;
  readonly of: MemberKind;
  /** All are read before the set is asked: one of 4 bytes for IPv4, four of 4 for IPv6, one of 2 for a port, one of 2 and one of 4 for a MAC. */
  readonly words: readonly Read[];
}

/** What is looked for in a set: a set of addresses has both families. */
export type MemberKind = "ipv4" | "ipv6" | "port" | "mac";

export function number(value: number): NumberValue {
  return { kind: "number", value };
}

/** Reads at a fixed place of the frame. */
export function read(bytes: Read["bytes"], at: number): Read {
  return { kind: "read", bytes, base: "frame", at, behind: undefined, index: undefined };
}

/**
 * Two numbers together. What does not depend on the frame is computed at once; where a zero decides, the other one is not read, which matters
 * for frames that end before it.
 */
export function combine(operator: BinaryOperator, left: NumberValue, right: NumberValue): NumberValue {
  if (left.kind === "number" && right.kind === "number") {
    const value = calculate(operator, left.value, right.value);
    if (value !== undefined) return number(value);
  }
  if (isZero(right) && (operator === "mul" || operator === "and")) return number(0);
  if (isZero(left) && STAYS_ZERO.has(operator)) return number(0);
  return { kind: "binary", operator, left, right };
}

const STAYS_ZERO: ReadonlySet<BinaryOperator> = new Set(["mul", "and", "shl", "shr"]);

function isZero(value: NumberValue): boolean {
  return value.kind === "number" && value.value === 0;
}

export function constant(value: boolean): Predicate {
  return { kind: "constant", value };
}

/** The left one is asked first, also where the right one decides: it may end the whole expression. */
export function and(left: Predicate, right: Predicate): Predicate {
  if (left.kind === "constant") return left.value ? right : left;
  return { kind: "and", left, right };
}

export function or(left: Predicate, right: Predicate): Predicate {
  return not(and(not(left), not(right)));
}

export function not(operand: Predicate): Predicate {
  if (operand.kind === "constant") return constant(!operand.value);
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

export function compare(left: NumberValue, comparison: Comparison, right: number | NumberValue): Predicate {
  const other = typeof right === "number" ? number(right) : right;
  if (left.kind === "number" && other.kind === "number") return constant(isSo(left.value, comparison, other.value));
  return { kind: "compare", comparison, left, right: other };
}

/** Whether two numbers are in a relation. */
export function isSo(left: number, comparison: Comparison, right: number): boolean {
  switch (comparison) {
    case "eq":
      return left === right;
    case "gt":
      return left > right;
    case "ge":
      return left >= right;
    case "set":
      return (left & right) !== 0;
  }
}

/** Whether some bits of a number are equal; none always are, and nothing is read for that. */
export function equalIn(left: NumberValue, mask: number, value: number): Predicate {
  return compare(mask === ALL_BITS ? left : combine("and", left, number(mask)), "eq", value);
}

const ALL_BITS = 0xffff_ffff;

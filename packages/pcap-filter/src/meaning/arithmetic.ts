import type { Span } from "../filter-error.ts";
import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import type { Arithmetic, ArithmeticOperator, Relation } from "../syntax/expression.ts";
import type { Protocol } from "../syntax/keywords.ts";
import { LENGTH_OF_ETHERNET, LENGTH_OF_IP6 } from "./headers.ts";
import {
  and,
  type Base,
  type BinaryOperator,
  type Comparison,
  combine,
  compare,
  type NumberValue,
  not,
  number,
  type Predicate,
} from "./predicate.ts";
import { ICMP6, ip6NextIs, isFirstFragment, isProtocol } from "./protocol.ts";
import type { Reader } from "./reader.ts";

const OPERATORS: Readonly<Record<ArithmeticOperator, BinaryOperator>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "mod",
  "&": "and",
  "|": "or",
  "^": "xor",
  "<<": "shl",
  ">>": "shr",
};

const COMPARISONS: Readonly<Record<Relation, { readonly comparison: Comparison; readonly isDenied: boolean }>> = {
  ">": { comparison: "gt", isDenied: false },
  ">=": { comparison: "ge", isDenied: false },
  "=": { comparison: "eq", isDenied: false },
  "<=": { comparison: "gt", isDenied: true },
  "<": { comparison: "ge", isDenied: true },
  "!=": { comparison: "eq", isDenied: true },
};

/** A number, and what a frame has to be for it to have one: `tcp[13]` is of TCP in IPv4, and of a first fragment. */
interface Calculated {
  readonly value: NumberValue;
  readonly condition: Predicate | undefined;
}

/** `ip[8] < 5`: a frame that has no such byte does not match, nor one that is of another protocol. */
export function isInRelation(left: Arithmetic, relation: Relation, right: Arithmetic, reader: Reader): Predicate {
  const { comparison, isDenied } = COMPARISONS[relation];
  const [one, other] = [calculate(left, reader), calculate(right, reader)];
  const compared = compare(one.value, comparison, other.value);
  const condition = both(one.condition, other.condition);
  const result = isDenied ? not(compared) : compared;
  return condition === undefined ? result : and(condition, result);
}

function calculate(arithmetic: Arithmetic, reader: Reader): Calculated {
  switch (arithmetic.kind) {
    case "number":
      return { value: number(arithmetic.value), condition: undefined };
    case "length":
      return { value: { kind: "length" }, condition: undefined };
    case "read":
      return calculateRead(arithmetic, reader);
    case "negate": {
      const { value, condition } = calculate(arithmetic.operand, reader);
      return { value: combine("sub", number(0), value), condition };
    }
    case "binary": {
      const [left, right] = [calculate(arithmetic.left, reader), calculate(arithmetic.right, reader)];
      const operator = OPERATORS[arithmetic.operator];
      checkConstant(operator, arithmetic.right, reader);
      // libpcap forgets the right one's condition: `5 + tcp[0] = 8` does not ask for TCP.
      return { value: combine(operator, left.value, right.value), condition: left.condition };
    }
  }
}

function checkConstant(operator: BinaryOperator, right: Arithmetic, reader: Reader): void {
  if (right.kind !== "number") return;
  const isQuotient = operator === "div" || operator === "mod";
  if (isQuotient && right.value === 0) throw reader.error(right, "it is divided by zero");
  const isShift = operator === "shl" || operator === "shr";
  if (isShift && right.value > 31) throw reader.error(right, "it is shifted by more than 31 bits");
}

function calculateRead(arithmetic: Extract<Arithmetic, { readonly kind: "read" }>, reader: Reader): Calculated {
  const { protocol, size } = arithmetic;
  const index = calculate(arithmetic.index, reader);
  const place = placeOf(protocol, arithmetic, reader);
  const fixed = index.value.kind === "number" ? index.value.value : 0;
  const { base } = place;
  return {
    value: {
      kind: "read",
      // The parser lets no other sizes through.
      bytes: size as 1 | 2 | 4,
      base,
      at: offsetOf(place, fixed),
      behind: place.behind,
      index: index.value.kind === "number" ? undefined : index.value,
    },
    condition: both(index.condition, place.condition),
  };
}

/** Offsets are of 32 bits: what begins before the frame wraps, and lies behind every frame. */
function offsetOf({ base, at }: Place, added: number): number {
  const sum = (at + added) >>> 0;
  // At least so many bytes are before the payload.
  return base === "payload" && sum >= 2 ** 32 - LENGTH_OF_ETHERNET ? sum - 2 ** 32 : sum;
}

interface Place {
  readonly base: Base;
  readonly at: number;
  readonly behind: number | undefined;
  readonly condition: Predicate | undefined;
}

/** Where the header of a protocol begins. */
function placeOf(protocol: Protocol, span: Span, reader: Reader): Place {
  const { base, network } = reader.headers;
  switch (protocol) {
    case "ether":
      return { base: "frame", at: 0, behind: undefined, condition: undefined };
    case "ip":
    case "ip6":
    case "arp":
    case "rarp":
      return { base, at: network, behind: undefined, condition: isProtocol(protocol, span, reader) };
    case "icmp6":
      return {
        base,
        at: network + LENGTH_OF_IP6,
        behind: undefined,
        condition: and(reader.isType(ETHERNET_IP6, span), ip6NextIs(ICMP6, reader)),
      };
    case "ah":
    case "esp":
    case "stp":
      throw reader.error(span, `bytes of "${protocol}" cannot be read`, "Read them from ip, ip6 or ether.");
    default: {
      const isRight = and(isProtocol(protocol, span, reader), isFirstFragment(reader));
      return { base, at: network, behind: network, condition: and(reader.isType(ETHERNET_IP, span), isRight) };
    }
  }
}

function both(left: Predicate | undefined, right: Predicate | undefined): Predicate | undefined {
  return left === undefined || right === undefined ? (left ?? right) : and(left, right);
}

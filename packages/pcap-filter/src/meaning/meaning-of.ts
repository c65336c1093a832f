import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import type { Expression } from "../syntax/expression.ts";
import { parse } from "../syntax/parse.ts";
import { isInRelation } from "./arithmetic.ts";
import { and, compare, constant, equalIn, not, or, type Predicate, type Read, read, TAG_TYPES } from "./predicate.ts";
import { hasId } from "./primitive.ts";
import { isProtocol } from "./protocol.ts";
import { Reader } from "./reader.ts";
import type { SetUse } from "./set-use.ts";
import type { VlanReading } from "./vlan-reading.ts";

/** Where a frame's first tag has its type, and how far it is to the next one's. */
const FIRST_TAG = 12;
const LENGTH_OF_TAG = 4;
const MPLS = 0x8847;
const LARGEST_TAG = 4095;
const LARGEST_LABEL = 0xf_ffff;
const ALL = 0xffff_ffff;

/** What an expression asks. */
interface Meaning {
  readonly predicate: Predicate;
  /** The sets that it needs for that. */
  readonly sets: readonly SetUse[];
}

/** What an expression asks of a frame of Ethernet. @throws {FilterError} */
export function meaningOf(expression: string, vlan: VlanReading): Meaning {
  const reader = new Reader(expression, vlan);
  const predicate = meaning(parse(expression), reader);
  return { predicate, sets: reader.sets };
}

function meaning(expression: Expression, reader: Reader): Predicate {
  switch (expression.kind) {
    case "empty":
      return constant(true);
    case "and": {
      // In this order: the left one may say where the headers are that the right one is about.
      const left = meaning(expression.left, reader);
      return and(left, meaning(expression.right, reader));
    }
    case "or": {
      const left = meaningAside(expression.left, reader);
      return or(left, meaningAside(expression.right, reader));
    }
    case "not":
      return not(meaningAside(expression.operand, reader));
    case "protocol":
      return isProtocol(expression.protocol, expression, reader);
    case "primitive":
      return hasId(expression.id, expression.qualifiers, reader);
    case "relation":
      return isInRelation(expression.left, expression.relation, expression.right, reader);
    case "broadcast":
      return isBroadcast(expression, reader);
    case "multicast":
      return isMulticast(expression, reader);
    case "less":
      return not(compare({ kind: "length" }, "gt", expression.value));
    case "greater":
      return compare({ kind: "length" }, "ge", expression.value);
    case "vlan":
      return hasTag(expression, reader);
    case "mpls":
      return hasLabel(expression, reader);
  }
}

/** What need not be so for what stands behind it to be asked: which tag that is about does not depend on it. */
function meaningAside(expression: Expression, reader: Reader): Predicate {
  const { depth } = reader;
  const predicate = meaning(expression, reader);
  reader.depth = depth;
  return predicate;
}

type Spread = Extract<Expression, { readonly kind: "broadcast" | "multicast" }>;

function isBroadcast(expression: Spread, reader: Reader): Predicate {
  const { protocol } = expression;
  if (protocol === undefined || protocol === "ether") {
    return and(compare(read(4, 2), "eq", ALL), compare(read(2, 0), "eq", 0xffff));
  }
  if (protocol !== "ip") throw reader.error(expression, `"${protocol}" has no broadcasts`, "ether and ip have.");
  // The net's own broadcast address is not known: a frame does not tell its mask.
  const destination = () => reader.headers.read(4, 16);
  const isAll = or(equalIn(destination(), ALL, 0), equalIn(destination(), ALL, ALL));
  return and(reader.isType(ETHERNET_IP, expression), isAll);
}

function isMulticast(expression: Spread, reader: Reader): Predicate {
  const { protocol } = expression;
  switch (protocol) {
    case undefined:
    case "ether":
      return compare(read(1, 0), "set", 1);
    case "ip":
      return and(reader.isType(ETHERNET_IP, expression), compare(reader.headers.read(1, 16), "ge", 224));
    case "ip6":
      return and(reader.isType(ETHERNET_IP6, expression), compare(reader.headers.read(1, 24), "eq", 255));
    default:
      throw reader.error(expression, `"${protocol}" has no multicasts`, "ether, ip and ip6 have.");
  }
}

type Encapsulated = Extract<Expression, { readonly kind: "vlan" | "mpls" }>;

/** Read exactly, from here on the frame is the one behind the tag; read through tags, it is the next tag that `vlan` is about. */
function hasTag(expression: Encapsulated, reader: Reader): Predicate {
  const { value } = expression;
  const { headers } = reader;
  if (value !== undefined && value > LARGEST_TAG) throw reader.error(expression, `the largest VLAN is ${LARGEST_TAG}`);
  if (reader.vlan === "through") {
    const at = FIRST_TAG + LENGTH_OF_TAG * reader.depth;
    reader.depth += 1;
    return isTagged(read(2, at), read(2, at + 2), value);
  }
  if (headers.labels > 0) throw reader.error(expression, "behind a label of MPLS there is no tag");
  const is = isTagged(headers.readType(), headers.read(2, 0), value);
  headers.skipTag();
  return is;
}

function isTagged(type: Read, tag: Read, id: number | undefined): Predicate {
  const isTag = TAG_TYPES.map((tagType) => compare(type, "eq", tagType)).reduce(or);
  return id === undefined ? isTag : and(isTag, equalIn(tag, 0x0fff, id));
}

/** From here on, the packet is the one behind the label. */
function hasLabel(expression: Encapsulated, reader: Reader): Predicate {
  const { value } = expression;
  const { headers } = reader;
  if (value !== undefined && value > LARGEST_LABEL)
    throw reader.error(expression, `the largest label is ${LARGEST_LABEL}`);
  const isLabel =
    headers.labels === 0
      ? reader.isType(MPLS, expression)
      : // The one before is not the last.
        equalIn(headers.read(1, -2), 0x01, 0);
  const label = headers.read(4, 0);
  const is = value === undefined ? isLabel : and(isLabel, equalIn(label, 0xffff_f000, value * 0x1000));
  headers.skipLabel();
  return is;
}

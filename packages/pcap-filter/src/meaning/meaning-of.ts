import { ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
import type { Expression } from "../syntax/expression.ts";
import { parse } from "../syntax/parse.ts";
import { isInRelation } from "./arithmetic.ts";
import { and, compare, constant, equalIn, not, or, type Predicate, read } from "./predicate.ts";
import { hasId } from "./primitive.ts";
import { isProtocol } from "./protocol.ts";
import { Reader } from "./reader.ts";

const TAG_TYPES = [0x8100, 0x88a8, 0x9100] as const;
const MPLS = 0x8847;
const LARGEST_TAG = 4095;
const LARGEST_LABEL = 0xf_ffff;
const ALL = 0xffff_ffff;

/** What an expression asks of a frame of Ethernet. @throws {FilterError} */
export function meaningOf(expression: string): Predicate {
  return meaning(parse(expression), new Reader(expression));
}

function meaning(expression: Expression, reader: Reader): Predicate {
  switch (expression.kind) {
    case "empty":
      return constant(true);
    case "and":
    case "or": {
      // In this order: the left one may say where the headers are that the right one is about.
      const left = meaning(expression.left, reader);
      const right = meaning(expression.right, reader);
      return expression.kind === "and" ? and(left, right) : or(left, right);
    }
    case "not":
      return not(meaning(expression.operand, reader));
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

type Spread = Extract<Expression, { readonly kind: "broadcast" | "multicast" }>;

function isBroadcast(expression: Spread, reader: Reader): Predicate {
  const { protocol } = expression;
  if (protocol === undefined || protocol === "ether") {
    return and(compare(read(4, 2), "eq", ALL), compare(read(2, 0), "eq", 0xffff));
  }
  if (protocol !== "ip") throw reader.error(expression, `"${protocol}" has no broadcasts`, "ether and ip have.");
  // The net's own broadcast address is not known: a frame does not tell its mask.
  const destination = () => read(4, reader.headers.network + 16);
  const isAll = or(equalIn(destination(), ALL, 0), equalIn(destination(), ALL, ALL));
  return and(reader.isType(ETHERNET_IP, expression), isAll);
}

function isMulticast(expression: Spread, reader: Reader): Predicate {
  const { protocol } = expression;
  const { network } = reader.headers;
  switch (protocol) {
    case undefined:
    case "ether":
      return compare(read(1, 0), "set", 1);
    case "ip":
      return and(reader.isType(ETHERNET_IP, expression), compare(read(1, network + 16), "ge", 224));
    case "ip6":
      return and(reader.isType(ETHERNET_IP6, expression), compare(read(1, network + 24), "eq", 255));
    default:
      throw reader.error(expression, `"${protocol}" has no multicasts`, "ether, ip and ip6 have.");
  }
}

type Encapsulated = Extract<Expression, { readonly kind: "vlan" | "mpls" }>;

/** From here on, the frame is the one behind the tag. */
function hasTag(expression: Encapsulated, reader: Reader): Predicate {
  const { value } = expression;
  const { headers } = reader;
  if (headers.labels > 0) throw reader.error(expression, "behind a label of MPLS there is no tag");
  if (value !== undefined && value > LARGEST_TAG) throw reader.error(expression, `the largest VLAN is ${LARGEST_TAG}`);
  const isTag = TAG_TYPES.map((type) => compare(read(2, headers.type), "eq", type)).reduce(or);
  const is = value === undefined ? isTag : and(isTag, equalIn(read(2, headers.network), 0x0fff, value));
  headers.skipTag();
  return is;
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
        equalIn(read(1, headers.network - 2), 0x01, 0);
  const label = read(4, headers.network);
  const is = value === undefined ? isLabel : and(isLabel, equalIn(label, 0xffff_f000, value * 0x1000));
  headers.skipLabel();
  return is;
}

/**
 * What an expression means, for whoever makes something else of it than an answer about one frame.
 *
 * @module
 */
export { ETHERNET_ARP, ETHERNET_IP, ETHERNET_IP6 } from "../names/protocols.ts";
export { type Leaf, leavesOf } from "./leaves.ts";
export {
  type Base,
  type BinaryOperator,
  type Comparison,
  type Member,
  type MemberKind,
  MOST_TAGS,
  type NumberValue,
  nextHeaderOf,
  type Predicate,
  type ProtocolChain,
  type Read,
  TAG_TYPES,
} from "./predicate.ts";
export type { SetKind, SetUse } from "./set-use.ts";
export { TRANSPORTS } from "./transport.ts";

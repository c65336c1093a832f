import type { Span } from "../filter-error.ts";
import type { Protocol } from "./keywords.ts";

/** Which end of a packet. */
export type Direction = "src" | "dst" | "src or dst" | "src and dst";

/** What an id is of. */
export type IdType = "host" | "net" | "port" | "portrange" | "proto" | "protochain";

/** What stands before an id, and holds for those after `and` and `or` too: `tcp src port 80 or 443`. */
export interface Qualifiers {
  readonly protocol: Protocol | undefined;
  readonly direction: Direction | undefined;
  readonly type: IdType | undefined;
}

/** What a primitive compares with, as it was written. */
export type Id = Span &
  (
    | { readonly kind: "number"; readonly value: number; readonly text: string }
    | { readonly kind: "name"; readonly text: string }
    | { readonly kind: "mac"; readonly text: string }
    /** `in @blocklist`: the name is without the @. */
    | { readonly kind: "set"; readonly text: string }
    | { readonly kind: "ipv4"; readonly text: string; readonly mask: Mask | undefined }
    | { readonly kind: "ipv6"; readonly text: string; readonly mask: Mask | undefined }
  );

/** How much of an address counts: a number of bits, or an address of ones and zeros. */
export type Mask = Span & ({ readonly bits: number } | { readonly text: string });

/** A number that is computed from the packet. */
export type Arithmetic = Span &
  (
    | { readonly kind: "number"; readonly value: number }
    | { readonly kind: "length" }
    | { readonly kind: "read"; readonly protocol: Protocol; readonly index: Arithmetic; readonly size: number }
    | { readonly kind: "negate"; readonly operand: Arithmetic }
    | {
        readonly kind: "binary";
        readonly operator: ArithmeticOperator;
        readonly left: Arithmetic;
        readonly right: Arithmetic;
      }
  );

/** As in C, on unsigned numbers of 32 bits. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>";

export const RELATIONS = [">", ">=", "=", "<=", "<", "!="] as const;

/** One of {@link RELATIONS}. */
export type Relation = (typeof RELATIONS)[number];

/** An expression as it was written. */
export type Expression = Span &
  (
    | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "not"; readonly operand: Expression }
    /** Of nothing at all, which matches every frame. */
    | { readonly kind: "empty" }
    /** `tcp` */
    | { readonly kind: "protocol"; readonly protocol: Protocol }
    /** `src port 80` */
    | { readonly kind: "primitive"; readonly qualifiers: Qualifiers; readonly id: Id }
    /** `ip[8] < 5` */
    | { readonly kind: "relation"; readonly relation: Relation; readonly left: Arithmetic; readonly right: Arithmetic }
    | { readonly kind: "broadcast" | "multicast"; readonly protocol: Protocol | undefined }
    | { readonly kind: "less" | "greater"; readonly value: number }
    | { readonly kind: "vlan" | "mpls"; readonly value: number | undefined }
  );

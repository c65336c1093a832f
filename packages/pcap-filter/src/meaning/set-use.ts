import type { Span } from "../filter-error.ts";

/** What the entries of a set are: addresses and prefixes of IPv4 and IPv6, ports, or addresses of hardware. */
export type SetKind = "addresses" | "ports" | "macs";

/** A set that an expression asks, by its name without the @. */
export interface SetUse {
  readonly name: string;
  readonly kind: SetKind;
  /** Where in the expression it is asked first. */
  readonly span: Span;
}

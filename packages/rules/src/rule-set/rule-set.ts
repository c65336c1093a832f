import type { Filter, SetKind, VlanReading } from "@weir/pcap-filter";
import type { SetEntry, SetEntryMistake } from "../sets/set-entry.ts";
import type { Limit } from "./limit.ts";

/** What becomes of a frame. */
export type Verdict = "pass" | "drop";

/** Rules as a file and those that it includes say them: complete, checked, and frozen. */
export interface RuleSet {
  /** The file that was read, as it was named. */
  readonly file: string;
  /** How expressions read VLAN tags. */
  readonly vlan: VlanReading;
  /** What becomes of frames for which no rule decides. */
  readonly default: Verdict;
  /** What becomes of the rules when weir ends without having been told to: "open" takes them off, "closed" leaves them in force. */
  readonly fail: "open" | "closed";
  readonly sets: readonly NamedSet[];
  /** In the order in which they are asked. */
  readonly rules: readonly Rule[];
}

/** A rule: which frames it is about, and what is done with them. */
export interface Rule {
  readonly name: string;
  readonly filter: Filter;
  readonly action: Action;
  /** Seconds from the moment when it is applied until it is taken out; undefined: it stays. */
  readonly ttl: number | undefined;
  /** When it is taken out, in milliseconds since 1970. */
  readonly expires: number | undefined;
  /** From when on it holds, in milliseconds since 1970. */
  readonly from: number | undefined;
  /** The first moment when it does not hold any more, in milliseconds since 1970. */
  readonly until: number | undefined;
  readonly comment: string | undefined;
  readonly place: Place;
}

/**
 * What is done with the frames of a rule. `pass` and `drop` decide what becomes of a frame. `limit` drops a frame above its rate. In all other
 * cases the next rule is asked: `count` only counts, as `sample`, which gives the frame to a capture besides, and `log`, which reports it.
 */
export type Action =
  | { readonly kind: "pass" }
  | { readonly kind: "drop" }
  | { readonly kind: "count" }
  | { readonly kind: "sample" }
  | { readonly kind: "log" }
  | Limit;

/** A set that expressions ask. */
export interface NamedSet {
  readonly name: string;
  readonly kind: SetKind;
  /** Those that the rules file itself has. */
  readonly entries: readonly Exclude<SetEntry, SetEntryMistake>[];
  /** Path of the file with the others, if there is one. */
  readonly file: string | undefined;
  readonly place: Place;
}

/** A place in a file. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
}

/**
 * Whether a rule decides what becomes of every frame that it matches while it holds.
 *
 * @example
 * ```ts
 * decides({ action: { kind: "count" } }); // false
 * ```
 */
export function decides({ action }: Pick<Rule, "action">): boolean {
  return action.kind === "pass" || action.kind === "drop";
}

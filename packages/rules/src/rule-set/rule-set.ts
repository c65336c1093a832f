import type { Filter, SetKind, VlanReading } from "@weir/pcap-filter";
import type { SetEntry, SetEntryMistake } from "../sets/set-entry.ts";
import type { Limit } from "./limit.ts";
import type { Log } from "./log.ts";
import { hasTimes, type RuleTimes } from "./rule-window.ts";

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
  /** What becomes of rules that wait to be confirmed when weir is killed: "open" ends them in time all the same, "closed" leaves them in force. */
  readonly fail: "open" | "closed";
  readonly sets: readonly NamedSet[];
  /** In the order in which they are asked. */
  readonly rules: readonly Rule[];
}

/** A rule: which frames it is about, and what is done with them. */
export interface Rule extends RuleTimes {
  readonly name: string;
  readonly filter: Filter;
  readonly action: Action;
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
  | Log
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
 * Whether a rule decides what becomes of every frame that it matches, at all times.
 *
 * @example
 * ```ts
 * readRules("rules.yaml").rules.rules.filter(decides); // those that pass or drop, and have no times
 * ```
 */
export function decides(rule: Pick<Rule, "action"> & RuleTimes): boolean {
  return (rule.action.kind === "pass" || rule.action.kind === "drop") && !hasTimes(rule);
}

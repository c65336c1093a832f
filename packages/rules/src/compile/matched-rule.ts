import type { SourcePosition } from "@weir/codegen";
import type { Predicate } from "@weir/pcap-filter/meaning";

/** What there is to know of a rule to find out whether it matches. */
export interface MatchedRule {
  readonly meaning: Predicate;
  /** Whether the rules behind it are not asked once it has matched. */
  readonly decides: boolean;
  /** Whether it holds at some times only, so that it is not known beforehand whether it decides. Default false. */
  readonly isTimed?: boolean;
  /** Where it is written: the verifier and bpftool show it beside its code. */
  readonly position?: SourcePosition;
}

/** A rule's number with it. */
export type NumberedRule = MatchedRule & { readonly rule: number };

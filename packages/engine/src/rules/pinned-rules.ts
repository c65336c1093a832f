import { join } from "node:path";
import { bytes } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { pinValue } from "../pinned/pin-value.ts";
import type { AppliedWindows } from "./applied-window.ts";
import type { AppliedLimits } from "./number-limits.ts";
import type { RuleDocument } from "./rule-document.ts";

/** The pin of the rules, beside the maps of the program that has them. */
const RULES_PIN = "rules";

/** Rules that are in force on an interface, or were. */
export interface AppliedRules {
  /** Of this form of what is pinned. */
  readonly version: 1;
  /** The file that they were read from, or what stands for one. */
  readonly file: string;
  readonly document: RuleDocument;
  /** Nanoseconds of CLOCK_MONOTONIC, as digits. */
  readonly appliedAt: string;
  /** Where each rule is counted, by what it is counted as; also rules that are not in force any more, so that their numbers go on when they come back. */
  readonly slots: Readonly<Record<string, number>>;
  /** Rules that there is room for to be counted. */
  readonly capacity: number;
  /** Undefined where none of the rules is a limit. */
  readonly limits?: AppliedLimits | undefined;
  /** Undefined where none of the rules has times. */
  readonly windows?: AppliedWindows | undefined;
}

/** Pins rules in a program's directory, as text. */
export function pinRules(directory: string, rules: AppliedRules): void {
  const text = new TextEncoder().encode(JSON.stringify(rules));
  pinValue(join(directory, RULES_PIN), "weir_rules", bytes(text.length), text);
}

/** The rules of a program by its pins; undefined where it has none. */
export function readAppliedRules(directory: string): AppliedRules | undefined {
  using map = ifFound(() => BpfMap.open(join(directory, RULES_PIN)));
  if (map === undefined) return undefined;
  using values = ArrayMap.of(map, { value: bytes(map.info.valueSize) });
  // What this process, or another one of weir's, wrote.
  return JSON.parse(new TextDecoder().decode(values.at(0))) as AppliedRules;
}

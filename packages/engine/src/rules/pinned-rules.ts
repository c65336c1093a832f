import { join } from "node:path";
import { bytes } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
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
  /** Where each rule is counted, by its name; also rules that are not in force any more, so that their numbers go on when they come back. */
  readonly slots: Readonly<Record<string, number>>;
  /** Rules that there is room for to be counted. */
  readonly capacity: number;
  /** Undefined where none of the rules is a limit. */
  readonly limits?: AppliedLimits | undefined;
}

/** Pins rules in a program's directory: as text in a map, since that is what a BPF file system keeps. No program reads it. */
export function pinRules(directory: string, rules: AppliedRules): void {
  const text = new TextEncoder().encode(JSON.stringify(rules));
  using map = BpfMap.create({
    name: "weir_rules",
    type: "array",
    keySize: 4,
    valueSize: text.length,
    maxEntries: 1,
    flags: 0,
    keyType: 0,
    valueType: 0,
  });
  using values = ArrayMap.of(map, { value: bytes(text.length) });
  values.set(0, text);
  map.pin(join(directory, RULES_PIN));
}

/** The rules of a program by its pins; undefined where it has none. */
export function readAppliedRules(directory: string): AppliedRules | undefined {
  using map = ifFound(() => BpfMap.open(join(directory, RULES_PIN)));
  if (map === undefined) return undefined;
  using values = ArrayMap.of(map, { value: bytes(map.info.valueSize) });
  // What this process, or another one of weir's, wrote.
  return JSON.parse(new TextDecoder().decode(values.at(0))) as AppliedRules;
}

import { leavesOf } from "@weir/pcap-filter/meaning";
import { type LimitText, limitText, parseRules, type Rule, type RuleSet } from "@weir/rules";
import { EngineError } from "../errors.ts";
import type { DeclaredSet } from "./set-parts.ts";

/** What is done with the frames of a rule, as a rules file has it. */
export type EntryAction = "pass" | "drop" | "count" | { readonly limit: LimitText };

/** A rule that can be applied, as a rules file has it. */
export interface RuleEntry {
  readonly name: string;
  readonly match: string;
  readonly action: EntryAction;
  readonly comment?: string;
}

/** Rules that can be applied, as a rules file has them: so they can be read, and made into a program, again. */
export interface RuleDocument {
  readonly vlan: "exact" | "through";
  readonly default: "pass" | "drop";
  /** Without what is in them, which is in their maps. */
  readonly sets: Readonly<Record<string, { readonly kind: DeclaredSet["kind"]; readonly entries: readonly never[] }>>;
  readonly rules: readonly RuleEntry[];
}

/** Rules as a document. @throws {EngineError} `WEIR_OPTION` where they have what is only tried on captures yet */
export function documentOf(rules: RuleSet): RuleDocument {
  const sets = rules.sets.map(({ name, kind }) => [name, { kind, entries: [] }] as const);
  return {
    ...{ vlan: rules.vlan, default: rules.default },
    sets: Object.fromEntries(sets),
    rules: rules.rules.map(entryOf),
  };
}

/**
 * What is done with the frames of a rule, in words.
 *
 * @example
 * ```ts
 * actionText({ limit: { rate: "1000/s", per: "source" } }); // "limit 1000/s per source"
 * ```
 */
export function actionText(action: EntryAction): string {
  if (typeof action === "string") return action;
  const { rate, burst, per } = action.limit;
  return `limit ${rate}${burst === undefined ? "" : ` burst ${burst}`}${per === undefined ? "" : ` per ${per}`}`;
}

/** The rules of a document. */
export function rulesOf(document: RuleDocument, name: string): RuleSet {
  return parseRules(JSON.stringify(document), name).rules;
}

/** The sets of a document. */
export function setsOf({ sets }: RuleDocument): readonly DeclaredSet[] {
  return Object.entries(sets).map(([name, { kind }]) => ({ name, kind }));
}

function entryOf(rule: Rule): RuleEntry {
  const { name, filter, action, comment, place } = rule;
  const { kind } = action;
  if (kind === "sample" || kind === "log") {
    throw notYet(`the action ${kind} of rule "${name}"`, place.file, place.line);
  }
  const timed = (["ttl", "expires", "from", "until"] as const).find((key) => rule[key] !== undefined);
  if (timed !== undefined) throw notYet(`${timed} of rule "${name}"`, place.file, place.line);
  // How far a chain of headers goes, no program knows before it runs.
  if ([...leavesOf(filter.meaning)].some((leaf) => leaf.kind === "chain")) throw chainOf(name, place.file, place.line);
  return {
    name,
    match: filter.expression,
    action: kind === "limit" ? { limit: limitText(action) } : kind,
    ...(comment !== undefined && { comment }),
  };
}

function chainOf(rule: string, file: string, line: number): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `${file}:${line}: protochain in rule "${rule}" cannot be applied to an interface in this version; nothing was changed\n` +
      "  `ip proto` and `ip6 proto` ask for the protocol of the first header. Try it on a capture: weir replay FILE --rules RULES.",
  );
}

function notYet(what: string, file: string, line: number): EngineError {
  return new EngineError(
    "WEIR_OPTION",
    `${file}:${line}: ${what} cannot be applied to an interface in this version; nothing was changed\n` +
      "  Try it on a capture: weir replay FILE --rules RULES. Interfaces take pass, drop, count and limit, without times.",
  );
}

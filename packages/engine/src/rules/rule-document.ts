import {
  type Action,
  durationText,
  type LimitText,
  type LogText,
  limitText,
  logText,
  momentText,
  parseRules,
  type ReadRules,
  type Rule,
  type RuleSet,
} from "@weir/rules";
import type { DeclaredSet } from "./set-parts.ts";

/** What is done with the frames of a rule, as a rules file has it. */
export type EntryAction = Exclude<Action["kind"], "limit"> | { readonly limit: LimitText } | { readonly log: LogText };

/** A rule that can be applied, as a rules file has it. */
export interface RuleEntry {
  readonly name: string;
  readonly match: string;
  readonly action: EntryAction;
  readonly ttl?: string;
  readonly expires?: string;
  readonly from?: string;
  readonly until?: string;
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

/** Rules as a document. */
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
  const [kind, { rate, burst, per }]: [string, LimitText] =
    "log" in action ? ["log", action.log] : ["limit", action.limit];
  return `${kind} ${rate}${burst === undefined ? "" : ` burst ${burst}`}${per === undefined ? "" : ` per ${per}`}`;
}

/**
 * Which frames a rule is about, in words: the expression that all frames match is empty.
 *
 * @example
 * ```ts
 * matchText({ match: "" }); // "(every frame)"
 * ```
 */
export function matchText({ match }: Pick<RuleEntry, "match">): string {
  return match.trim() === "" ? "(every frame)" : match;
}

/**
 * When a rule holds, in words, behind a comma; nothing where it has no times.
 *
 * @example
 * ```ts
 * timesText({ ttl: "1h" }); // ", ttl 1h"
 * ```
 */
export function timesText(entry: Pick<RuleEntry, "ttl" | "expires" | "from" | "until">): string {
  return (["ttl", "expires", "from", "until"] as const)
    .map((key) => (entry[key] === undefined ? "" : `, ${key} ${entry[key]}`))
    .join("");
}

/** A document to which rules may have been added that nobody has checked yet. */
export type EditedDocument = Omit<RuleDocument, "rules"> & { readonly rules: readonly object[] };

/**
 * The rules of a document.
 *
 * @example
 * ```ts
 * const { document, file } = appliedRules("eth0");
 * rulesOf({ ...document, rules: document.rules.slice(1) }, file);
 * ```
 * @param name stands for the file in what is said of mistakes
 * @throws {RulesError} `WEIR_CONFIG`
 */
export function rulesOf(document: EditedDocument, name: string): RuleSet {
  return readDocument(document, name).rules;
}

/**
 * The same with what looks like a mistake in them.
 *
 * @example
 * ```ts
 * const { document, file } = appliedRules("eth0");
 * readDocument(document, file).warnings;
 * ```
 * @throws {RulesError} `WEIR_CONFIG`
 */
export function readDocument(document: EditedDocument, name: string): ReadRules {
  return parseRules(JSON.stringify(document), name);
}

/** The sets of a document. */
export function setsOf({ sets }: RuleDocument): readonly DeclaredSet[] {
  return Object.entries(sets).map(([name, { kind }]) => ({ name, kind }));
}

/** A rule as a document has it. */
export function entryOf(rule: Rule): RuleEntry {
  const { name, filter, action, comment } = rule;
  return {
    name,
    match: filter.expression,
    action: actionOf(action),
    ...timesOf(rule),
    ...(comment !== undefined && { comment }),
  };
}

function actionOf(action: Action): EntryAction {
  if (action.kind === "limit") return { limit: limitText(action) };
  const log = action.kind === "log" ? logText(action) : undefined;
  return log === undefined ? action.kind : { log };
}

function timesOf({ ttl, expires, from, until }: Rule): Partial<RuleEntry> {
  return {
    ...(ttl !== undefined && { ttl: durationText(ttl) }),
    ...(expires !== undefined && { expires: momentText(expires) }),
    ...(from !== undefined && { from: momentText(from) }),
    ...(until !== undefined && { until: momentText(until) }),
  };
}

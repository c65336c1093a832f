import type { RuleSet } from "../rule-set/rule-set.ts";
import { makeRules } from "./make-rules.ts";
import { makeSets } from "./make-sets.ts";
import { readFiles } from "./read-files.ts";
import { inOrderOfFiles, RulesError, type RulesProblem } from "./rules-error.ts";
import { rulesThatNeverMatch } from "./unreachable.ts";
import { pastRules, tooSmallBursts, unusedSets } from "./without-effect.ts";

/** Rules that can be used. */
export interface ReadRules {
  readonly rules: RuleSet;
  /** What looks like a mistake in them; it is looked for when it is asked for. */
  readonly warnings: readonly RulesProblem[];
}

export interface ReadRulesOptions {
  /** Rules that have ended by this moment are warned of, in milliseconds since 1970. Default: now. */
  readonly now?: number;
}

/**
 * Reads rules from a file, YAML or JSON, and those that it includes, and checks them.
 *
 * @example
 * ```ts
 * const { rules, warnings } = readRules("rules.yaml");
 * rules.rules[0]?.name; // "dns"
 * ```
 * @throws {ConfigError} `WEIR_FILE` when the file cannot be read
 * @throws {RulesError} `WEIR_CONFIG` with every mistake that was found, in which file, line and column
 */
export function readRules(file: string, options: ReadRulesOptions = {}): ReadRules {
  return make(file, undefined, options);
}

/**
 * The same for text that is there already.
 *
 * @example
 * ```ts
 * parseRules('rules: [ { name: dns, match: "udp and dst port 53", action: drop } ]', "rules.yaml");
 * ```
 * @param file what messages call it, and from where included files are found
 * @throws {RulesError} `WEIR_CONFIG`
 */
export function parseRules(text: string, file: string, options: ReadRulesOptions = {}): ReadRules {
  return make(file, text, options);
}

function make(file: string, text: string | undefined, { now = Date.now() }: ReadRulesOptions): ReadRules {
  const said = readFiles(file, text);
  const vlan = said.top.vlan ?? "through";
  const sets = makeSets(said.sets);
  const rules = makeRules(said.rules, vlan, sets.sets);
  const problems = [...sets.problems, ...rules.problems];
  if (problems.length > 0) throw new RulesError(problems);
  const ruleSet: RuleSet = {
    ...{ file, vlan, default: said.top.default ?? "pass", fail: said.top.fail ?? "open" },
    sets: sets.sets,
    rules: rules.rules,
  };
  deepFreeze(ruleSet);
  return {
    rules: ruleSet,
    get warnings() {
      return inOrderOfFiles([...sets.warnings, ...warningsOf(ruleSet, now)]);
    },
  };
}

function warningsOf({ file, vlan, sets, rules }: RuleSet, now: number): readonly RulesProblem[] {
  const empty = { file, line: 1, column: 1, path: "", message: "there are no rules in it" };
  return [
    ...(rules.length === 0 ? [empty] : []),
    ...unusedSets(sets, rules),
    ...pastRules(rules, now),
    ...tooSmallBursts(rules),
    ...rulesThatNeverMatch(rules, vlan),
  ];
}

function deepFreeze<Data>(data: Data): Data {
  if (typeof data !== "object" || data === null || Object.isFrozen(data)) return data;
  for (const value of Object.values(data)) deepFreeze(value);
  return Object.freeze(data);
}

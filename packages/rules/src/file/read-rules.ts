import type { RuleSet } from "../rule-set/rule-set.ts";
import { makeRules } from "./make-rules.ts";
import { makeSets } from "./make-sets.ts";
import { readFiles } from "./read-files.ts";
import { inOrderOfFiles, RulesError, type RulesProblem } from "./rules-error.ts";
import { rulesThatNeverMatch } from "./unreachable.ts";

/** Rules that can be used, and what looks like a mistake in them. */
export interface ReadRules {
  readonly rules: RuleSet;
  readonly warnings: readonly RulesProblem[];
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
export function readRules(file: string): ReadRules {
  return make(file);
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
export function parseRules(text: string, file: string): ReadRules {
  return make(file, text);
}

function make(file: string, text?: string): ReadRules {
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
  const empty = { file, line: 1, column: 1, path: "", message: "there are no rules in it" };
  const warnings = [
    ...(rules.rules.length === 0 ? [empty] : []),
    ...sets.warnings,
    ...rules.warnings,
    ...rulesThatNeverMatch(rules.rules, vlan),
  ];
  return { rules: deepFreeze(ruleSet), warnings: inOrderOfFiles(warnings) };
}

function deepFreeze<Data>(data: Data): Data {
  if (typeof data !== "object" || data === null || Object.isFrozen(data)) return data;
  for (const value of Object.values(data)) deepFreeze(value);
  return Object.freeze(data);
}

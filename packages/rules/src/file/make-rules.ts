import { Filter, FilterError, type SetUse, type VlanReading } from "@weir/pcap-filter";
import type { NamedSet, Place, Rule } from "../rule-set/rule-set.ts";
import { placeAt, problemAt, type Said } from "./read-files.ts";
import type { RulesProblem } from "./rules-error.ts";
import type { RuleInFile } from "./rules-file.ts";

/** The rules of all files, and what is wrong with them. */
export function makeRules(
  said: readonly Said<RuleInFile>[],
  vlan: VlanReading,
  sets: readonly NamedSet[],
): {
  readonly rules: readonly Rule[];
  readonly problems: readonly RulesProblem[];
} {
  const problems: RulesProblem[] = [];
  const named = new Map<string, Place>();
  const rules = said.flatMap((rule) => {
    const { name, match, ...rest } = rule.what;
    const place = placeAt(rule);
    const other = named.get(name);
    if (other !== undefined) {
      const message = `the rule at ${other.file}:${other.line} has the name "${name}" too`;
      problems.push(problemAt({ ...rule, path: [...rule.path, "name"] }, message));
    }
    named.set(name, other ?? place);
    const expression = { ...rule, path: [...rule.path, "match"] };
    const filter = readExpression(match, vlan, expression, problems);
    if (filter === undefined) return [];
    problems.push(...filter.sets.flatMap((use) => problemOfUse(use, sets, match, expression)));
    const { ttl, expires, from, until, comment, action } = rest;
    return [{ name, filter, action, ttl, expires, from, until, comment, place }];
  });
  return { rules, problems };
}

function readExpression(
  text: string,
  vlan: VlanReading,
  said: Said<unknown>,
  problems: RulesProblem[],
): Filter | undefined {
  try {
    return new Filter(text, { vlan });
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { what, advice, span } = error;
    problems.push(problemWithin(text, span, said, advice === undefined ? what : `${what}. ${advice}`));
    return undefined;
  }
}

/** A mistake at a place in an expression; where only the expression's place can be told, with the words that it is about. */
function problemWithin(text: string, span: SetUse["span"], said: Said<unknown>, message: string): RulesProblem {
  const { line, column, isExact } = said.placeOf(said.path, span.start);
  const words = text.slice(span.start, span.end);
  const where = isExact || words === "" ? "" : `at "${words}", character ${span.start + 1}: `;
  return { ...problemAt(said, `${where}${message}`), line, column };
}

function problemOfUse(use: SetUse, sets: readonly NamedSet[], text: string, said: Said<unknown>): RulesProblem[] {
  const set = sets.find(({ name }) => name === use.name);
  if (set?.kind === use.kind) return [];
  const known = sets.map(({ name }) => `@${name}`).join(", ");
  const message =
    set === undefined
      ? `there is no set @${use.name}${known === "" ? ": it belongs under sets" : `; there are ${known}`}`
      : `${kindOf(set)} (${set.place.file}:${set.place.line}), and is asked for ${use.kind}${saying(set, use)}`;
  return [problemWithin(text, use.span, said, message)];
}

/** Of one without entries of its own only what it says of itself is known. */
const kindOf = ({ name, kind, entries }: NamedSet): string =>
  entries.length === 0 ? `@${name} is one of ${kind}` : `@${name} has ${kind}`;

const saying = ({ entries, file }: NamedSet, use: SetUse): string =>
  entries.length > 0 || file === undefined
    ? ""
    : `: where its file has those, it is { kind: ${use.kind}, file: ${file} }`;

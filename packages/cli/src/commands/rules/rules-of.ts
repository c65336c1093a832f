import { parseRules, type RuleSet, readRules } from "@weir/rules";
import { Option } from "commander";
import type { Session } from "../../session.ts";
import { plural } from "../../text/units.ts";

/** Warnings that are shown one by one. */
const SHOWN = 10;

/** The rules of a file, where nothing in them is wrong; what looks like a mistake is told. */
export function readRulesOf(file: string, session: Session): RuleSet {
  if (file === "-") session.letSignalsEnd();
  const { rules, warnings } = readRules(file === "-" ? "/dev/stdin" : file);
  for (const { file: where, line, column, message } of warnings.slice(0, SHOWN)) {
    session.errors.write(`weir: ${where}:${line}:${column}: warning: ${message}\n`);
  }
  const more = warnings.length - SHOWN;
  if (more > 0) session.errors.write(`weir: … and ${plural(more, "more warning")}: weir rules check shows all\n`);
  return rules;
}

/** Rules that are in force, as a file would have them. */
export function rulesFrom(document: object, name: string): RuleSet {
  return parseRules(JSON.stringify(document), name).rules;
}

export function noGuardOption(): Option {
  return new Option("--no-guard", "also rules that drop this session, ARP, neighbour discovery or DHCP");
}

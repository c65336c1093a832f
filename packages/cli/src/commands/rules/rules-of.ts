import type { ReadRulesOptions, RuleSet } from "@weir/rules";
import { Option } from "commander";
import { CliError } from "../../failure.ts";
import type { Session } from "../../session.ts";
import { plural } from "../../text/units.ts";

/** Warnings that are shown one by one. */
const SHOWN = 10;

/** The rules of a file, where nothing in them is wrong; what looks like a mistake is told. */
export async function readRulesOf(file: string, session: Session, options: ReadRulesOptions = {}): Promise<RuleSet> {
  const { readRules } = await import("@weir/rules");
  if (file === "-") session.letSignalsEnd();
  const { rules, warnings } = readRules(file === "-" ? "/dev/stdin" : file, options);
  for (const { file: where, line, column, message } of warnings.slice(0, SHOWN)) {
    session.errors.write(`weir: ${where}:${line}:${column}: warning: ${message}\n`);
  }
  const more = warnings.length - SHOWN;
  if (more > 0) session.errors.write(`weir: … and ${plural(more, "more warning")}: weir rules check shows all\n`);
  return rules;
}

/** Of a capture nobody knows when it begins: what has ended by now may hold in it. */
export const ANY_TIME: ReadRulesOptions = { now: 0 };

/** For how long frames are looked at, as an option's value: `3s`, `0.5`. */
export function trySeconds(option: string): (text: string) => number {
  return (text) => {
    const seconds = Number(/^(\d+(?:\.\d+)?)s?$/.exec(text)?.[1]);
    if (seconds > 0 && seconds <= 60) return seconds;
    throw new CliError("WEIR_USAGE", `${option} takes a number of seconds up to 60, as in 3s, not "${text}"`);
  };
}

export function noGuardOption(): Option {
  return new Option("--no-guard", "also rules that drop this session, ARP, neighbour discovery or DHCP");
}

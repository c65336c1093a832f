import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { type Session, write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption, rulesFrom } from "./rules-of.ts";

interface AddFlags {
  readonly guard: boolean;
  readonly before?: string;
}

/** A rule that is to be added. */
interface NewRule {
  readonly name: string;
  readonly match: string;
  readonly action: string;
}

export const declaration: Declaration = (session) =>
  new Command("add")
    .summary("add one rule to those on an interface")
    .description("Adds a rule to those on an interface, behind them; the others stay, and go on counting.")
    .argument("<interface>", "name of an interface")
    .argument("<name>", "what the rule is called")
    .argument("<action>", "pass, drop or count")
    .argument("<expression...>", "which frames, as in tcpdump: udp and dst port 53")
    .addOption(new Option("--before <rule>", "put it before that rule"))
    .addOption(noGuardOption())
    .action((name: string, rule: string, action: string, expression: string[], flags: AddFlags) =>
      addRule(name, { name: rule, action, match: expression.join(" ") }, flags, session),
    );

/** Adds a rule to those on an interface, where there may be none yet. */
export async function addRule(
  name: string,
  rule: NewRule,
  { guard, before }: AddFlags,
  session: Session,
): Promise<void> {
  const engine = await session.engine();
  const present = engine.rulesBefore(name).rules;
  const document =
    typeof present === "string" ? { vlan: "through", default: "pass", sets: {}, rules: [] } : present.document;
  const index = before === undefined ? document.rules.length : document.rules.findIndex((one) => one.name === before);
  if (index < 0)
    throw new CliError("WEIR_USAGE", `there is no rule "${before}" on ${name}: weir rules list shows them`);
  const file = typeof present === "string" ? `rules of ${name}` : present.file;
  const all: readonly NewRule[] = document.rules;
  const rules = rulesFrom({ ...document, rules: all.toSpliced(index, 0, rule) }, file);
  engine.applyRules([name], rules, { guard, sets: "present", session: engine.sshSession(session.environment) });
  const text = `Added rule ${printable(rule.name)} to ${printable(name)}, which has ${plural(rules.rules.length, "rule")} now.\n`;
  await write(session.output, text, session.signal);
}

import type { RuleDocument, RuleEntry } from "@weir/engine";
import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { type Session, write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption } from "./rules-of.ts";
import { addTimeOptions, type TimeFlags, timesOf } from "./time-options.ts";

interface AddFlags extends TimeFlags {
  readonly guard: boolean;
  readonly before?: string;
  readonly rate?: string;
  readonly burst?: string;
  readonly per?: string;
}

/** A rule that is to be added. */
interface NewRule extends TimeFlags {
  readonly name: string;
  readonly match: string;
  readonly action: RuleEntry["action"] | string;
}

export const declaration: Declaration = (session) =>
  addTimeOptions(
    new Command("add")
      .summary("add one rule to those on an interface")
      .description("Adds a rule to those on an interface, behind them; the others stay, and go on counting.")
      .argument("<interface>", "name of an interface")
      .argument("<name>", "what the rule is called")
      .argument("<action>", "pass, drop, count, limit, log or sample")
      .argument("<expression...>", "which frames, as in tcpdump: udp and dst port 53")
      .addOption(new Option("--before <rule>", "put it before that rule"))
      .addOption(
        new Option(
          "--rate <rate>",
          "of a limit: packets as in 1000/s or 10/min, or bits as in 10Mbit/s; of a log: packets",
        ),
      )
      .addOption(new Option("--burst <burst>", "of a limit or log: what may come at once, as in 100 or 64kbyte"))
      .addOption(
        new Option("--per <key>", "of a limit: what has the rate for itself: rule, source, source/24/64, flow"),
      ),
  )
    .addOption(noGuardOption())
    .action((name: string, rule: string, action: string, expression: string[], flags: AddFlags) => {
      const what = { name: rule, action: actionOf(action, flags), match: expression.join(" "), ...timesOf(flags) };
      return addRule(name, what, flags, session);
    });

/** What is done, as a rules file says it. */
function actionOf(action: string, { rate, burst, per }: AddFlags): NewRule["action"] {
  if (action === "limit") {
    if (rate !== undefined) return { limit: { rate, ...(burst && { burst }), ...(per && { per }) } };
    throw new CliError("WEIR_USAGE", "a limit needs a rate: --rate 1000/s");
  }
  if (rate === undefined && burst === undefined && per === undefined) return action;
  if (action !== "log")
    throw new CliError("WEIR_USAGE", `--rate, --burst and --per are for limits and logs, not ${action}`);
  if (rate === undefined || per !== undefined)
    throw new CliError("WEIR_USAGE", "a log has a rate for its rule, and a burst: --rate 100/s --burst 20");
  return { log: { rate, ...(burst && { burst }) } };
}

/** Adds a rule to those on an interface, where there may be none yet. */
export async function addRule(
  name: string,
  rule: NewRule,
  { guard, before }: AddFlags,
  session: Session,
): Promise<void> {
  const engine = await session.engine("once");
  const present = engine.rulesBefore(name).rules;
  const document: RuleDocument =
    typeof present === "string" ? { vlan: "through", default: "pass", sets: {}, rules: [] } : present.document;
  const index = before === undefined ? document.rules.length : document.rules.findIndex((one) => one.name === before);
  if (index < 0)
    throw new CliError("WEIR_USAGE", `there is no rule "${before}" on ${name}: weir rules list shows them`);
  const file = typeof present === "string" ? `rules of ${name}` : present.file;
  const all: readonly NewRule[] = document.rules;
  const rules = engine.rulesOf({ ...document, rules: all.toSpliced(index, 0, rule) }, file);
  engine.applyRules([name], rules, { guard, sets: "present", session: engine.sshSession(session.environment) });
  const text = `Added rule ${printable(rule.name)} to ${printable(name)}, which has ${plural(rules.rules.length, "rule")} now.\n`;
  await write(session.output, text, session.signal);
}

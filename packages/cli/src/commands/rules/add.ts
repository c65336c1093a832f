import type { AppliedRules, RuleDocument, RuleEntry } from "@weir/engine";
import type { ReadRules, RulesProblem } from "@weir/rules";
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

/** What rules are added to where there are none. */
const NO_RULES: RuleDocument = { vlan: "through", default: "pass", sets: {}, rules: [] };

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
      return addRule(name, () => what, flags, session);
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

/**
 * Adds a rule to those on an interface, where there may be none yet.
 *
 * @param ruleFor the rule, by the names of those that are there
 */
export async function addRule(
  name: string,
  ruleFor: (names: ReadonlySet<string>) => NewRule,
  { guard, before }: Pick<AddFlags, "guard" | "before">,
  session: Session,
): Promise<void> {
  const engine = await session.engine("once");
  let [added, count] = ["", 0];
  // Looked for when the rule is there, since nobody else can change rules until then.
  let warnings: () => readonly string[] = () => [];
  const edit = (present: AppliedRules | undefined) => {
    const document = present?.document ?? NO_RULES;
    const all: readonly NewRule[] = document.rules;
    const index = before === undefined ? all.length : all.findIndex((one) => one.name === before);
    if (index < 0)
      throw new CliError("WEIR_USAGE", `there is no rule "${before}" on ${name}: weir rules list shows them`);
    const names = new Set(all.map((one) => one.name));
    const rule = ruleFor(names);
    if (names.has(rule.name))
      throw new CliError("WEIR_USAGE", `there is a rule "${rule.name}" on ${name} already; nothing was changed`);
    const file = present?.file ?? name;
    checkAlone(() => engine.rulesOf({ ...document, rules: [rule] }, file));
    const now = engine.readDocument(document, file);
    const edited = engine.readDocument({ ...document, rules: all.toSpliced(index, 0, rule) }, file);
    warnings = () => newWarnings(now, edited, file);
    [added, count] = [rule.name, edited.rules.rules.length];
    return edited.rules;
  };
  engine.changeRules(name, edit, { guard, session: engine.sshSession(session.environment) });
  for (const warning of warnings()) session.errors.write(`weir: warning: ${printable(warning)}\n`);
  const text = `Added rule ${printable(added)} to ${printable(name)}, which has ${plural(count, "rule")} now.\n`;
  await write(session.output, text, session.signal);
}

/** What looks like a mistake by the new rule, in it or in others; without places in a document that nobody has seen. */
function newWarnings(before: ReadRules, after: ReadRules, file: string): readonly string[] {
  const messagesOf = ({ rules, warnings }: ReadRules) =>
    rules.rules.length === 0 ? [] : warnings.map(({ message }) => message.replaceAll(` (${file}:1)`, ""));
  const known = new Set(messagesOf(before));
  return messagesOf(after).filter((message) => !known.has(message));
}

/** What is wrong with the rule is said of what was typed, not of a place in a document that nobody has seen. */
function checkAlone(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof Error && "problems" in error && Array.isArray(error.problems))) throw error;
    // Those of a RulesError, of whichever copy of the package.
    const problems: readonly RulesProblem[] = error.problems;
    const lines = problems.map(({ path, message }) => `${path.replace("rules[0].", "")}: ${message}`);
    throw new CliError("WEIR_CONFIG", `${lines.join("\n")}\n  Nothing was changed.`);
  }
}

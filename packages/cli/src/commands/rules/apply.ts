import type { Mode, RulesChange, UndoableRules } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { Command, Option } from "commander";
import type { Engine } from "../../engine.ts";
import { FINDING } from "../../exit-codes.ts";
import { CliError } from "../../failure.ts";
import { type Session, write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { End } from "../end.ts";
import { jsonOption, modeOption } from "../option-values.ts";
import { type Acceptable, checkAcceptable, mostOption } from "./acceptable.ts";
import { noGuardOption, readRulesOf, trySeconds } from "./rules-of.ts";
import { effectsOn, effectsText } from "./try.ts";

interface ApplyFlags extends Acceptable {
  readonly mode: Mode;
  readonly try?: number;
  readonly confirm?: number;
  readonly json?: true;
}

/** How often is looked whether somebody has confirmed, in milliseconds. */
const LOOK = 100;

export const declaration: Declaration = (session, end) =>
  new Command("apply")
    .summary("put rules in force on interfaces")
    .description(
      "Puts the rules of a file in force on interfaces, in the place of those that are there: between two frames. weir is attached where it is not\nyet, and stays when the command ends. All interfaces get the rules, or none. With --confirm, it ends with 1 where they were taken back.",
    )
    .argument("<file>", "file with rules, YAML or JSON; - is standard input")
    .argument("<interface...>", "names of interfaces")
    .addOption(modeOption())
    .addOption(noGuardOption())
    .addOption(
      new Option("--try <seconds>", "say first what they would do with what comes in for so long, as in 3s").argParser(
        trySeconds("--try"),
      ),
    )
    .addOption(mostOption())
    .addOption(confirmOption())
    .addOption(jsonOption("an array with an object for each interface"))
    .action(async (file: string, given: string[], flags: ApplyFlags) => {
      const names = [...new Set(given)];
      const { mode, guard, confirm, json, try: seconds, most } = flags;
      if (most !== undefined && seconds === undefined)
        throw new CliError("WEIR_USAGE", "--most goes by what is tried first: say for how long, as in --try 3s");
      const rules = await readRulesOf(file, session);
      const engine = await session.engine("once");
      const { output, signal } = session;
      const effects = seconds === undefined ? [] : await effectsOn(names, rules, { mode, seconds }, session);
      if (!json && effects.length > 0) await write(output, `${effectsText(effects, session)}\n`, signal);
      checkAcceptable(rules.file, effects, flags);
      const ssh = engine.sshSession(session.environment);
      // With `fail: open` they end also when this process is killed before somebody has confirmed them.
      const wanted = confirm !== undefined && rules.fail === "open" ? engine.onTrial(rules, confirm) : rules;
      using applied = new engine.UndoableRules(names, wanted, { mode, guard, session: ssh });
      const { changes } = applied;
      const text = json
        ? `${toJson(changes.map(({ monitor }, index) => ({ ...monitor, effect: effects[index] })))}\n`
        : changes.map((change) => appliedText(change, rules.rules.length)).join("");
      await write(output, text, signal);
      if (confirm !== undefined && !(await isConfirmed(applied, confirm, engine, session))) end(FINDING);
    });

function confirmOption(): Option {
  return new Option(
    "--confirm <seconds>",
    "take the rules back after so many seconds (1 to 3600), unless weir rules confirm says that they stay",
  ).argParser((text) => {
    const seconds = Number(/^(\d+)s?$/.exec(text)?.[1]);
    if (seconds >= 1 && seconds <= 3600) return seconds;
    throw new CliError("WEIR_USAGE", `--confirm takes a number of seconds from 1 to 3600, as in 30s, not "${text}"`);
  });
}

function appliedText({ monitor, before }: RulesChange, count: number): string {
  const instead =
    typeof before.rules === "string" ? "" : `, instead of ${plural(before.rules.document.rules.length, "rule")}`;
  const word = printable(monitor.interface);
  return `Applied ${plural(count, "rule")} to ${word} in mode ${monitor.mode}${instead}.\nSee them with: weir rules list ${word}\n`;
}

/**
 * Takes the rules back unless somebody says in time that they stay, on all interfaces. A session that is cut off is what this is for: it goes on without it.
 */
async function isConfirmed(
  applied: UndoableRules,
  seconds: number,
  engine: Engine,
  session: Session,
): Promise<boolean> {
  session.onHangUp(() => {});
  const { output, signal } = session;
  const names = applied.changes.map(({ monitor }) => monitor.interface);
  using asked = new DisposableStack();
  const confirmations = names.map((name) => asked.use(new engine.Confirmation(name, seconds)));
  await write(
    output,
    `They are taken back in ${plural(seconds, "second")} unless you say, in another session: weir rules confirm ${names.map(printable).join(" ")}\n`,
    signal,
  );
  using end = new End({ duration: seconds, signal });
  for (;;) {
    if (confirmations.every(({ state }) => state !== "awaited")) break;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LOOK);
    const reached = await end.orSooner(promise);
    clearTimeout(timer);
    if (reached === "ended") break;
  }
  const refused = confirmations.filter((one) => one.refuse()).map((one) => one.interface);
  applied.undo(refused);
  const given = confirmations.filter(({ state }) => state === "given").map((one) => one.interface);
  // Somebody who is cut off cannot read it: the rules are back all the same.
  output.write(endText(names, given, refused));
  return given.length === names.length;
}

/** What became of the rules of each interface. */
function endText(names: readonly string[], given: readonly string[], refused: readonly string[]): string {
  if (given.length === names.length) return "Confirmed: they stay.\n";
  if (refused.length === names.length) return "Not confirmed: everything is as it was before.\n";
  const on = (some: readonly string[]): string => some.map(printable).join(", ");
  const gone = names.filter((name) => !given.includes(name) && !refused.includes(name));
  return [
    given.length > 0 && `Confirmed on ${on(given)}: they stay there.\n`,
    refused.length > 0 && `Not confirmed on ${on(refused)}: everything is as it was before there.\n`,
    gone.length > 0 &&
      `Nothing to take back on ${on(gone)}: weir was detached there, or other rules wait to be confirmed.\n`,
  ]
    .filter((line) => line !== false)
    .join("");
}

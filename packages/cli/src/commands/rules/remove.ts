import type { AppliedRules, ListedRules } from "@weir/engine";
import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption } from "./rules-of.ts";

interface RemoveFlags {
  readonly all?: true;
  readonly ended?: true;
  readonly guard: boolean;
}

export const declaration: Declaration = (session) =>
  new Command("remove")
    .summary("take rules off an interface")
    .description(
      "Takes rules off an interface, by their names or all of them; weir goes on counting there, and weir detach ends it.",
    )
    .argument("<interface>", "name of an interface")
    .argument("[rule...]", "names of rules")
    .addOption(new Option("--all", "all rules, and what becomes of frames by default"))
    .addOption(new Option("--ended", "the rules whose time is over").conflicts("all"))
    .addOption(noGuardOption())
    .action(async (name: string, named: string[], { all, ended, guard }: RemoveFlags) => {
      const engine = await session.engine("once");
      const { output, signal } = session;
      if ((named.length === 0) === (all === undefined && ended === undefined))
        throw new CliError("WEIR_USAGE", "say which rules to remove, or --all, or --ended");
      if (all) {
        engine.removeRules(name);
        return write(output, `Removed all rules from ${printable(name)}.\n`, signal);
      }
      const rules = ended ? namesOfEnded(engine.listRules(name)) : [...new Set(named)];
      if (rules.length === 0) return write(output, `No rule on ${printable(name)} has ended.\n`, signal);
      // Fails where there are none.
      engine.appliedRules(name);
      let count = 0;
      const edit = (present: AppliedRules | undefined) => {
        const unknown = rules.find((rule) => !present?.document.rules.some((one) => one.name === rule));
        if (present === undefined || unknown !== undefined) {
          throw new CliError(
            "WEIR_USAGE",
            `there is no rule "${unknown}" on ${name}: weir rules list shows them; nothing was changed`,
          );
        }
        const { document, file } = present;
        const left = document.rules.filter((one) => !rules.includes(one.name));
        count = left.length;
        return engine.rulesOf({ ...document, rules: left }, file);
      };
      engine.changeRules(name, edit, { guard, session: engine.sshSession(session.environment) });
      const text = `Removed ${plural(rules.length, "rule")} from ${printable(name)}, which has ${plural(count, "rule")} now.\n`;
      return write(output, text, signal);
    });

function namesOfEnded({ rules }: ListedRules): readonly string[] {
  return rules.filter(({ window }) => window?.state === "ended").map((rule) => rule.name);
}

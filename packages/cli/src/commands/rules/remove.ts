import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption, rulesFrom } from "./rules-of.ts";

interface RemoveFlags {
  readonly all?: true;
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
    .addOption(noGuardOption())
    .action(async (name: string, rules: string[], { all, guard }: RemoveFlags) => {
      const engine = await session.engine();
      const { output, signal } = session;
      if ((rules.length === 0) === (all === undefined))
        throw new CliError("WEIR_USAGE", "say which rules to remove, or --all");
      if (all) {
        engine.removeRules(name);
        return write(output, `Removed all rules from ${printable(name)}.\n`, signal);
      }
      const listed = engine.listRules(name);
      const present = engine.rulesBefore(name).rules;
      const document = typeof present === "string" ? { rules: [] } : present.document;
      const unknown = rules.find((rule) => !document.rules.some((one) => one.name === rule));
      if (unknown !== undefined) {
        throw new CliError(
          "WEIR_USAGE",
          `there is no rule "${unknown}" on ${listed.interface}: weir rules list shows them; nothing was changed`,
        );
      }
      const left = document.rules.filter((one) => !rules.includes(one.name));
      const set = rulesFrom({ ...document, rules: left }, listed.file);
      engine.applyRules([name], set, { guard, sets: "present", session: engine.sshSession(session.environment) });
      const text = `Removed ${plural(rules.length, "rule")} from ${printable(name)}, which has ${plural(left.length, "rule")} now.\n`;
      return write(output, text, signal);
    });

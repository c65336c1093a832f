import { Command, Option } from "commander";
import type { Declaration } from "./declaration.ts";
import { addRule } from "./rules/add.ts";
import { noGuardOption } from "./rules/rules-of.ts";
import { addTimeOptions, type TimeFlags, timesOf } from "./rules/time-options.ts";

interface DropFlags extends TimeFlags {
  readonly guard: boolean;
  readonly name?: string;
}

export const declaration: Declaration = (session) =>
  addTimeOptions(
    new Command("drop")
      .summary("drop frames on an interface that match an expression")
      .description(
        "Adds a rule to those on an interface that drops what matches an expression, before the network stack sees it. weir is attached if it is not yet.",
      )
      .argument("<interface>", "name of an interface")
      .argument("<expression...>", "which frames, as in tcpdump: udp and dst port 53 and not src net 10.0.0.0/8")
      .addOption(new Option("--name <name>", "what the rule is called; default drop-1, drop-2, …")),
  )
    .addOption(noGuardOption())
    .action(async (name: string, expression: string[], { guard, name: wanted, ...times }: DropFlags) => {
      const rule = { action: "drop", match: expression.join(" "), ...timesOf(times) };
      await addRule(name, (names) => ({ name: wanted ?? freeName(names), ...rule }), { guard }, session);
    });

function freeName(names: ReadonlySet<string>): string {
  let number = 1;
  while (names.has(`drop-${number}`)) number += 1;
  return `drop-${number}`;
}

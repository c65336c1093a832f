import { Command } from "commander";
import type { Declaration } from "./declaration.ts";
import { declaration as add } from "./rules/add.ts";
import { declaration as apply } from "./rules/apply.ts";
import { declaration as check } from "./rules/check.ts";
import { declaration as confirm } from "./rules/confirm.ts";
import { declaration as diff } from "./rules/diff.ts";
import { declaration as list } from "./rules/list.ts";
import { declaration as log } from "./rules/log.ts";
import { declaration as remove } from "./rules/remove.ts";
import { declaration as tryOut } from "./rules/try.ts";

export const declaration: Declaration = (session, end) => {
  const command = new Command("rules")
    .summary("rules of the packet filter")
    .description("Rules that say which packets are dropped before the network stack sees them.");
  for (const declare of [apply, check, tryOut, diff, list, log, add, remove, confirm])
    command.addCommand(declare(session, end));
  return command;
};

import { Command } from "commander";
import type { Declaration } from "./declaration.ts";
import { declaration as add } from "./set/add.ts";
import { declaration as list } from "./set/list.ts";
import { declaration as remove } from "./set/remove.ts";

export const declaration: Declaration = (session, end) => {
  const command = new Command("set")
    .summary("sets that rules ask")
    .description("Changes sets that the rules on interfaces ask, while frames come. The rules stay as they are.");
  for (const declare of [add, remove, list]) command.addCommand(declare(session, end));
  return command;
};

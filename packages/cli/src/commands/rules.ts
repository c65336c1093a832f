import { Command } from "commander";
import type { Declaration } from "./declaration.ts";
import { declaration as check } from "./rules/check.ts";

export const declaration: Declaration = (session, end) => {
  const command = new Command("rules")
    .summary("rules of the packet filter")
    .description("Rules that say which packets are dropped before the network stack sees them.");
  for (const declare of [check]) command.addCommand(declare(session, end));
  return command;
};

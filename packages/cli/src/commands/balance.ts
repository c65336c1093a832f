import { Command } from "commander";
import { declaration as cpus } from "./balance/cpus.ts";
import { declaration as devices } from "./balance/devices.ts";
import { declaration as services } from "./balance/services.ts";
import type { Declaration } from "./declaration.ts";

export const declaration: Declaration = (session, end) => {
  const command = new Command("balance")
    .summary("spread packets over CPUs, interfaces or servers")
    .description("Spreads the packets that come in on an interface, and counts them as watch does.");
  for (const declare of [cpus, devices, services]) command.addCommand(declare(session, end));
  return command;
};

import { Command } from "commander";
import { write } from "../session.ts";
import { printable } from "../text/printable.ts";
import type { Declaration } from "./declaration.ts";

export const declaration: Declaration = (session) =>
  new Command("detach")
    .summary("end what attach began")
    .description("Detaches what `weir attach` attached to an interface and removes its pins. Touches no other program.")
    .argument("<interface>", "name of an interface")
    .action(async (name: string) => {
      const engine = await session.engine();
      const detached = engine.detach(name);
      const gone = "reason" in detached ? `It counted no more: ${printable(detached.reason)}\n` : "";
      return write(session.output, `Detached from ${printable(detached.interface)}.\n${gone}`, session.signal);
    });

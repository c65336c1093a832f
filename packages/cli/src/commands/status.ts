import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { lookOf } from "../reporters/look.ts";
import { statusTable } from "../reporters/status-table.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

export const declaration: Declaration = (session) =>
  new Command("status")
    .summary("list the interfaces that weir is attached to")
    .description("Lists the interfaces that `weir attach` attached to, and removes the pins of those that are gone.")
    .addOption(jsonOption("an object { attached, unreadable, removed }"))
    .action(async ({ json }: { readonly json?: true }) => {
      const engine = await session.engine();
      const status = engine.status();
      if (json) return write(session.output, `${toJson(status)}\n`, session.signal);
      return write(session.output, `${statusTable(status, lookOf(session)).join("\n")}\n`, session.signal);
    });

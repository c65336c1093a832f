import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { FINDING } from "../exit-codes.ts";
import { lookOf } from "../reporters/look.ts";
import { statusTable } from "../reporters/status-table.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

export const declaration: Declaration = (session, end) =>
  new Command("status")
    .summary("list the interfaces that weir is attached to")
    .description(
      "Lists the interfaces that `weir attach` attached to, and removes the pins of those that are gone.\nEnds with 1 when there are pins that it can neither read nor remove.",
    )
    .addOption(jsonOption("an object { attached, unreadable, removed, problems }"))
    .action(async ({ json }: { readonly json?: true }) => {
      const engine = await session.engine();
      const status = engine.status();
      const text = json ? `${toJson(status)}\n` : `${statusTable(status, lookOf(session)).join("\n")}\n`;
      await write(session.output, text, session.signal);
      if (status.problems.length > 0) end(FINDING);
    });

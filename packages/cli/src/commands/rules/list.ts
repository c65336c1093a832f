import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { lookOf } from "../../reporters/look.ts";
import { rulesTable } from "../../reporters/rules-in-force.ts";
import { write } from "../../session.ts";
import type { Declaration } from "../declaration.ts";
import { jsonOption } from "../option-values.ts";

export const declaration: Declaration = (session) =>
  new Command("list")
    .summary("show the rules on an interface and what they counted")
    .description(
      "Shows the rules that are in force on an interface, in the order in which they are asked, and what they counted.",
    )
    .argument("<interface>", "name of an interface")
    .addOption(jsonOption("an object"))
    .action(async (name: string, { json }: { readonly json?: true }) => {
      const engine = await session.engine();
      const listed = engine.listRules(name);
      if (json) return write(session.output, `${toJson(listed)}\n`, session.signal);
      return write(session.output, `${rulesTable(listed, engine, lookOf(session)).join("\n")}\n`, session.signal);
    });

import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { FINDING } from "../exit-codes.ts";
import { accountLines } from "../reporters/account.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

export const declaration: Declaration = (session, end) =>
  new Command("check")
    .summary("check that every frame of an attached interface is accounted for")
    .description(
      "Checks seen = in connections + in no connection by rule + without a place in the table + not sampled,\nand seen = passed + dropped by rules, by limits, by default. Ends with 1 when the account does not balance.",
    )
    .argument("<interface>", "name of an interface that weir is attached to")
    .addOption(jsonOption("the account as an object"))
    .action(async (name: string, { json }: { readonly json?: true }) => {
      const engine = await session.engine();
      const identity = engine.check(name);
      const text = json
        ? `${toJson({ interface: name, ...identity })}\n`
        : `${accountLines(name, identity).join("\n")}\n`;
      await write(session.output, text, session.signal);
      if (!identity.holds) end(FINDING);
    });

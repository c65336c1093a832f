import type { SortKey } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { lookOf } from "../reporters/look.ts";
import { snapshotTable } from "../reporters/table.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption, limitOption, sortOption } from "./option-values.ts";

interface StatsFlags {
  readonly sort: SortKey;
  readonly limit?: number;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("stats")
    .summary("print what an attached interface has counted")
    .description("Prints once what `weir attach` has made the kernel count on an interface.")
    .argument("<interface>", "name of an interface")
    .addOption(sortOption())
    .addOption(limitOption("20, all in JSON"))
    .addOption(jsonOption("an object"))
    .action(async (name: string, { sort, limit, json }: StatsFlags) => {
      const engine = await session.engine();
      const snapshot = engine.stats(name, { sort, limit: limit ?? (json ? undefined : 20) });
      if (json) return write(session.output, `${toJson(snapshot)}\n`, session.signal);
      return write(session.output, `${snapshotTable(snapshot, lookOf(session)).join("\n")}\n`, session.signal);
    });

import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { formatDuration } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { jsonOption } from "../option-values.ts";
import { interfaceOption, interfacesWith } from "./where.ts";

interface ListFlags {
  readonly interface?: string;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("list")
    .summary("show what is in a set")
    .description("Shows what is in a set, an entry a line, as files of sets have it.")
    .argument("<set>", "name of the set, without the @")
    .addOption(interfaceOption())
    .addOption(jsonOption("an array with an object for each interface"))
    .action(async (set: string, { interface: only, json }: ListFlags) => {
      const engine = await session.engine();
      const names = interfacesWith(set, only, engine);
      const listed = names.map((name) => ({ interface: name, entries: engine.listSet(name, set) }));
      if (json) return write(session.output, `${toJson(listed)}\n`, session.signal);
      const lines = listed.flatMap(({ interface: name, entries }) => [
        ...(listed.length > 1 ? [`# ${printable(name)}`] : []),
        ...entries.map(({ text, ends }) => (ends === undefined ? text : `${text}  # ends in ${formatDuration(ends)}`)),
      ]);
      return write(session.output, lines.map((line) => `${line}\n`).join(""), session.signal);
    });

import { Option } from "commander";
import type { Engine } from "../../engine.ts";
import { CliError } from "../../failure.ts";

/** An entry of a set, as the engine takes it. */
export type Entry = Parameters<Engine["addToSet"]>[2][number];

export function interfaceOption(): Option {
  return new Option("--interface <name>", "on this interface alone; default on all whose rules have the set");
}

/** The interfaces whose rules have a set. */
export function interfacesWith(set: string, only: string | undefined, engine: Engine): readonly string[] {
  if (only !== undefined) return [only];
  const names = engine.status().attached.map(({ interface: name }) => name);
  const having = names.filter((name) => {
    const { rules } = engine.rulesBefore(name);
    return typeof rules !== "string" && Object.hasOwn(rules.document.sets, set);
  });
  if (having.length > 0) return having;
  throw new CliError(
    "WEIR_NO_RULES",
    `no interface has rules with a set "${set}"\n  Apply some: weir rules apply FILE INTERFACE`,
  );
}

/** What entries mean. */
export async function entriesOf(texts: readonly string[]): Promise<readonly Entry[]> {
  const { entryOf } = await import("@weir/rules");
  return texts.map((text) => {
    const entry = entryOf(text);
    if (entry.kind !== "mistake") return entry;
    throw new CliError("WEIR_USAGE", `"${text}" is no entry of a set: ${entry.message}; nothing was changed`);
  });
}

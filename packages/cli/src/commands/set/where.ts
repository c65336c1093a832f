import { Option } from "commander";
import type { Engine } from "../../engine.ts";
import { CliError } from "../../failure.ts";
import { printable } from "../../text/printable.ts";

/** An entry of a set, as the engine takes it. */
export type Entry = Parameters<Engine["addToSet"]>[2][number];

export function interfaceOption(): Option {
  return new Option("--interface <name>", "on this interface alone; default on all whose rules have the set");
}

/** The interfaces whose rules have a set. */
export function interfacesWith(set: string, only: string | undefined, engine: Engine): readonly string[] {
  if (only !== undefined) return [only];
  const names = engine.status().attached.map(({ interface: name }) => name);
  const setsOn = names.flatMap((name) => {
    const { rules } = engine.rulesBefore(name);
    return typeof rules === "string" ? [] : [{ name, sets: Object.keys(rules.document.sets) }];
  });
  const having = setsOn.filter(({ sets }) => sets.includes(set)).map(({ name }) => name);
  if (having.length > 0) return having;
  if (setsOn.length === 0) {
    throw new CliError(
      "WEIR_NO_RULES",
      `no interface has rules, nor a set "${set}"\n  Apply some: weir rules apply FILE INTERFACE`,
    );
  }
  const there = setsOn.map(({ name, sets }) => `${printable(name)} ${sets.length === 0 ? "none" : sets.join(", ")}`);
  throw new CliError("WEIR_USAGE", `no interface has rules with a set "${set}"; there are: ${there.join("; ")}`);
}

/** Acts on one interface after the other; where it fails on one, that says on which it has acted already. */
export async function onEach(names: readonly string[], act: (name: string) => Promise<void>): Promise<void> {
  for (const [index, name] of names.entries()) {
    try {
      await act(name);
    } catch (error) {
      if (!(error instanceof Error) || names.length === 1) throw error;
      const before = names.slice(0, index).map(printable).join(", ");
      error.message += `\n  That is of ${printable(name)}${before === "" ? "" : `; what was asked for is done on ${before}`}.`;
      throw error;
    }
  }
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

import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption } from "../rules/rules-of.ts";
import { entriesOf, interfaceOption, interfacesWith, onEach } from "./where.ts";

interface AddFlags {
  readonly interface?: string;
  readonly ttl?: string;
  readonly guard: boolean;
}

export const declaration: Declaration = (session) =>
  new Command("add")
    .summary("add entries to a set")
    .description(
      "Adds addresses, prefixes, ports or hardware addresses to a set, until a file is applied that says otherwise.",
    )
    .argument("<set>", "name of the set, without the @")
    .argument("<entry...>", "203.0.113.0/24, 2001:db8::7, 6000-6063 or 02:00:00:00:00:01")
    .addOption(
      new Option(
        "--ttl <time>",
        "the kernel lets them end by themselves after so long, as in 90s, 30m, 1h or 7d; addresses only",
      ),
    )
    .addOption(interfaceOption())
    .addOption(noGuardOption())
    .action(async (set: string, texts: string[], { interface: only, ttl, guard }: AddFlags) => {
      const entries = await entriesOf(texts);
      const seconds = ttl === undefined ? undefined : await secondsOf(ttl);
      const engine = await session.engine();
      const ssh = engine.sshSession(session.environment);
      await onEach(interfacesWith(set, only, engine), async (name) => {
        const { changed, unchanged, renewed } = engine.addToSet(name, set, entries, { seconds, guard, session: ssh });
        const there =
          (unchanged === 0 ? "" : `; ${unchanged === 1 ? "one was" : `${unchanged} were`} there already`) +
          (renewed === 0
            ? ""
            : `; ${renewed === 1 ? "one was there, and ends" : `${renewed} were there, and end`} at the new time`);
        const text = `Added ${changed === 1 ? "one entry" : `${changed} entries`} to @${set} on ${printable(name)}${there}.\n`;
        await write(session.output, text, session.signal);
      });
    });

async function secondsOf(text: string): Promise<number> {
  const { parseDuration } = await import("@weir/rules");
  const seconds = parseDuration(text);
  if (typeof seconds === "number") return seconds;
  throw new CliError("WEIR_USAGE", `--ttl: ${seconds}`);
}

import { Command } from "commander";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import type { Declaration } from "../declaration.ts";
import { noGuardOption } from "../rules/rules-of.ts";
import { entriesOf, interfaceOption, interfacesWith, onEach } from "./where.ts";

interface RemoveFlags {
  readonly interface?: string;
  readonly guard: boolean;
}

export const declaration: Declaration = (session) =>
  new Command("remove")
    .summary("take entries out of a set")
    .description("Takes entries out of a set, each as it was added; what other entries contain stays in it.")
    .argument("<set>", "name of the set, without the @")
    .argument("<entry...>", "203.0.113.0/24, 2001:db8::7, 6000-6063 or 02:00:00:00:00:01")
    .addOption(interfaceOption())
    .addOption(noGuardOption())
    .action(async (set: string, texts: string[], { interface: only, guard }: RemoveFlags) => {
      const entries = await entriesOf(texts);
      const engine = await session.engine();
      const ssh = engine.sshSession(session.environment);
      await onEach(interfacesWith(set, only, engine), async (name) => {
        const { changed, unchanged } = engine.removeFromSet(name, set, entries, { guard, session: ssh });
        const absent = unchanged === 0 ? "" : `; ${unchanged === 1 ? "one was" : `${unchanged} were`} not there`;
        const text = `Removed ${changed === 1 ? "one entry" : `${changed} entries`} from @${set} on ${printable(name)}${absent}.\n`;
        await write(session.output, text, session.signal);
      });
    });

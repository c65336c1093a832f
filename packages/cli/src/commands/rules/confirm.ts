import { Command } from "commander";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import type { Declaration } from "../declaration.ts";

export const declaration: Declaration = (session) =>
  new Command("confirm")
    .summary("say that rules stay which were applied with --confirm")
    .description("Says that the rules stay which were applied to interfaces with --confirm.")
    .argument("<interface...>", "names of interfaces")
    .action(async (names: string[]) => {
      const engine = await session.engine();
      const problems: unknown[] = [];
      for (const name of names) {
        try {
          engine.confirmRules(name);
        } catch (error) {
          // The others may have little time left.
          problems.push(error);
          continue;
        }
        await write(session.output, `The rules on ${printable(name)} stay.\n`, session.signal);
      }
      throwFirst(problems);
    });

/** The first problem, with what is said of the others. */
function throwFirst(problems: readonly unknown[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (first instanceof Error) {
    first.message = [first, ...others].map((one) => (one instanceof Error ? one.message : String(one))).join("\n");
  }
  throw first;
}

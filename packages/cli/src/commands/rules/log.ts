import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { loggedFrameJson, loggedFrameLine, logSummary } from "../../reporters/logged-frames.ts";
import { type Session, write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import type { Declaration } from "../declaration.ts";
import { jsonOption, wholeNumber } from "../option-values.ts";

interface LogFlags {
  readonly count?: number;
  readonly json?: true;
}

/** Milliseconds between two looks at the buffer. */
const INTERVAL = 20;

export const declaration: Declaration = (session) =>
  new Command("log")
    .summary("show the frames that rules log")
    .description(
      "Shows the frames that rules with the action log matched, a line for each, as they come; first those that nobody has read yet.\nIt ends at Ctrl-C, and says what was not logged meanwhile.",
    )
    .argument("<interface>", "name of an interface")
    .addOption(new Option("--count <n>", "end after so many frames (default: at Ctrl-C)").argParser(wholeNumber(1)))
    .addOption(jsonOption("an object for each frame on a line"))
    .action((name: string, flags: LogFlags) => show(name, flags, session));

async function show(
  name: string,
  { count = Number.POSITIVE_INFINITY, json }: LogFlags,
  session: Session,
): Promise<void> {
  const engine = await session.engine();
  const { output, errors, signal } = session;
  using log = new engine.RuleLog(name);
  if (!json) errors.write(`weir: what the rules on ${printable(log.interface)} log; Ctrl-C ends it\n`);
  const text = json ? loggedFrameJson : loggedFrameLine;
  let shown = 0;
  try {
    while (!signal.aborted && shown < count) {
      const frames = log.take(count - shown);
      shown += frames.length;
      await write(output, frames.map((frame) => `${text(frame)}\n`).join(""), signal);
      // A signal ends the wait by an error, as it ends the loop.
      if (frames.length === 0) await sleep(INTERVAL, undefined, { signal }).catch(() => {});
    }
  } finally {
    errors.write(`${logSummary(log.interface, shown, log.unlogged)}\n`);
  }
}

import type { ListOptions, Monitor } from "@weir/engine";
import { type Command, Option } from "commander";
import type { Engine } from "../engine.ts";
import { jsonReporter } from "../reporters/json.ts";
import { linesReporter } from "../reporters/lines.ts";
import { screenReporter } from "../reporters/screen.ts";
import { sharedWords } from "../reporters/sharing.ts";
import type { WatchReporter } from "../reporters/watch-reporter.ts";
import type { Session } from "../session.ts";
import { printable, printableLines } from "../text/printable.ts";
import { type MetricsFlags, serveMonitor } from "./metrics-options.ts";
import {
  connectionsOption,
  idleOption,
  jsonOption,
  LIVE_CONNECTIONS,
  limitOption,
  seconds,
  sortOption,
} from "./option-values.ts";
import { rounds } from "./rounds.ts";

/** The options of commands that show what comes in, live. */
export interface LiveFlags extends Pick<ListOptions, "sort">, MetricsFlags {
  readonly limit?: number;
  readonly interval: number;
  readonly duration?: number;
  readonly connections: number;
  readonly idle: number;
  readonly json?: true;
}

/** Declares them. */
export function addLiveOptions(command: Command, json: string): Command {
  return command
    .addOption(sortOption())
    .addOption(limitOption("what fits the screen, 20 in lines, all in JSON"))
    .addOption(new Option("--interval <s>", "seconds between two readings").argParser(seconds(0.05)).default(1))
    .addOption(new Option("--duration <s>", "end after so many seconds (default: at Ctrl-C)").argParser(seconds(0.05)))
    .addOption(connectionsOption(LIVE_CONNECTIONS))
    .addOption(idleOption())
    .addOption(jsonOption(json));
}

/**
 * Attaches, shows what comes in until the end of the duration or a signal, and detaches.
 *
 * @param open attaches; gets the options with the limit filled in, and what to tell news with
 */
export async function showLive(
  flags: LiveFlags,
  session: Session,
  open: (engine: Engine, options: Omit<LiveFlags, "json" | "duration">, tell: (text: string) => void) => Monitor,
): Promise<void> {
  const engine = await session.engine();
  const { json: _json, duration: _duration, ...options } = flags;
  const limit = flags.limit ?? defaultLimit(flags, session);
  const reporter = reporterFor(flags, session);
  const tell = (text: string) => reporter.tell(`weir: ${printableLines(text)}`);
  using monitor = open(engine, limit === undefined ? options : { ...options, limit }, tell);
  await using _endpoint = await serveMonitor(monitor, flags, session);
  for (const { name, fallback, mode, shared, warnings = [] } of monitor.interfaces) {
    const said = [
      ...(fallback === undefined ? [] : [`mode drv is not possible, using ${mode}: ${fallback.answer}`]),
      ...(shared === undefined ? [] : [`weir ${sharedWords(shared)}`]),
      ...warnings,
    ];
    for (const text of said) session.errors.write(`weir: ${printable(name)}: ${printableLines(text)}\n`);
  }
  for (const name of monitor.awaited) tell(`there is no interface ${name} now; one is watched as soon as it comes`);
  try {
    await reporter.begin(() => monitor.snapshot());
    for await (const snapshots of rounds(monitor, { ...flags, signal: session.signal })) {
      await reporter.show(snapshots, monitor.awaited);
    }
  } finally {
    await reporter.end();
  }
  const [first, ...others] = monitor.removed;
  for (const other of others) session.errors.write(`weir: ${printableLines(other.message)}\n`);
  if (first) throw first;
}

function defaultLimit({ json }: LiveFlags, { output }: Session): number | undefined {
  if (json) return undefined;
  return output.isTTY ? Math.max(20, output.rows ?? 0) : 20;
}

function reporterFor({ json }: LiveFlags, session: Session): WatchReporter {
  if (json) return jsonReporter(session);
  return session.output.isTTY ? screenReporter(session) : linesReporter(session);
}

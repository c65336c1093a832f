import type { Mode, SortKey } from "@weir/engine";
import { Command, Option } from "commander";
import { jsonReporter } from "../reporters/json.ts";
import { linesReporter } from "../reporters/lines.ts";
import { screenReporter } from "../reporters/screen.ts";
import type { WatchReporter } from "../reporters/watch-reporter.ts";
import type { Session } from "../session.ts";
import { printable, printableLines } from "../text/printable.ts";
import type { Declaration } from "./declaration.ts";
import {
  connectionsOption,
  idleOption,
  jsonOption,
  LIVE_CONNECTIONS,
  limitOption,
  modeOption,
  seconds,
  sortOption,
} from "./option-values.ts";
import { rounds } from "./rounds.ts";

interface WatchFlags {
  readonly mode: Mode;
  readonly sort: SortKey;
  readonly limit?: number;
  readonly interval: number;
  readonly duration?: number;
  readonly connections: number;
  readonly idle: number;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("watch")
    .summary("count every connection on interfaces, live")
    .description(
      "Attaches to interfaces, shows every connection and the protocol counters, and detaches when it ends.\nIn a terminal it redraws a table, in a pipe it prints lines.",
    )
    .argument("<interface...>", "names of interfaces")
    .addOption(modeOption())
    .addOption(sortOption())
    .addOption(limitOption("what fits the screen, 20 in lines, all in JSON"))
    .addOption(new Option("--interval <s>", "seconds between two readings").argParser(seconds(0.05)).default(1))
    .addOption(new Option("--duration <s>", "end after so many seconds (default: at Ctrl-C)").argParser(seconds(0.05)))
    .addOption(connectionsOption(LIVE_CONNECTIONS))
    .addOption(idleOption())
    .addOption(jsonOption("one object per interval (and interface) on a line"))
    .action((interfaces: string[], flags: WatchFlags) => watch(interfaces, flags, session));

async function watch(interfaces: readonly string[], flags: WatchFlags, session: Session): Promise<void> {
  const engine = await session.engine();
  const { mode, sort, interval, connections, idle } = flags;
  const limit = flags.limit ?? defaultLimit(flags, session);
  const reporter = reporterFor(flags, session);
  using monitor = engine.watch(interfaces, { mode, sort, limit, interval, connections, idle });
  for (const { name, fallback, mode } of monitor.interfaces) {
    if (fallback === undefined) continue;
    session.errors.write(
      `weir: ${printable(name)}: mode drv is not possible, using ${mode}: ${printableLines(fallback)}\n`,
    );
  }
  try {
    await reporter.begin(() => monitor.snapshot());
    for await (const snapshots of rounds(monitor, { ...flags, signal: session.signal })) await reporter.show(snapshots);
  } finally {
    await reporter.end();
  }
  const [first, ...others] = monitor.removed;
  for (const other of others) session.errors.write(`weir: ${printableLines(other.message)}\n`);
  if (first) throw first;
}

function defaultLimit({ json }: WatchFlags, { output }: Session): number | undefined {
  if (json) return undefined;
  return output.isTTY ? Math.max(20, output.rows ?? 0) : 20;
}

function reporterFor({ json }: WatchFlags, session: Session): WatchReporter {
  if (json) return jsonReporter(session);
  return session.output.isTTY ? screenReporter(session) : linesReporter(session);
}

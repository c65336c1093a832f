import type { Snapshot } from "@weir/engine";
import { Command } from "commander";
import { Actor } from "../demo/actor.ts";
import { type Report, ReportedError } from "../demo/report.ts";
import { Stage } from "../demo/stage.ts";
import { CliError } from "../failure.ts";
import { finalTableReporter } from "../reporters/final-table.ts";
import { screenReporter } from "../reporters/screen.ts";
import type { WatchReporter } from "../reporters/watch-reporter.ts";
import { type Session, write } from "../session.ts";
import type { Declaration } from "./declaration.ts";

/** Seconds of traffic; with what starting and removing take, the demo ends within eight. */
const DURATION = 5;
/** Seconds that a slow machine has to begin with it. */
const PATIENCE = 30;

export const declaration: Declaration = (session) =>
  new Command("demo")
    .summary("show what weir sees of real traffic, in a network of its own")
    .description(
      "Makes two network namespaces, sends TCP, UDP and ICMP over IPv4 and IPv6 between them,\n" +
        `watches one end for ${DURATION} seconds, and removes everything. Touches no interface of this machine.`,
    )
    .action(() => demo(session));

async function demo(session: Session): Promise<void> {
  if (process.getuid?.() !== 0) {
    const remedy = "Run it as root: sudo weir demo";
    throw new CliError("WEIR_PERMISSION", `the demo makes network namespaces, which only root may\n  ${remedy}`);
  }
  const { output, signal } = session;
  const told = "Two network namespaces and a cable between them; TCP, UDP and ICMP over IPv4 and IPv6.\n";
  await write(output, told, signal);
  await using stage = await Stage.create();
  await using watcher = new Actor(stage.namespaces.server, "watcher");
  const reports = watcher.reports(signal);
  // The traffic begins when the monitor is attached, so that no packet is missed.
  const first = await reports.next();
  signal.throwIfAborted();
  if (first.done) throw new Error("the process that watches in the namespace ended before it was attached");
  const attached = snapshotsOf(first.value);
  await using _server = new Actor(stage.namespaces.server, "server");
  await using _client = new Actor(stage.namespaces.client, "client");
  const reporter = output.isTTY ? screenReporter(session) : finalTableReporter(session);
  await reporter.begin(() => attached);
  try {
    await show(reports, reporter);
  } finally {
    await reporter.end();
  }
  signal.throwIfAborted();
}

async function show(reports: AsyncIterable<Report>, reporter: WatchReporter): Promise<void> {
  const begin = performance.now();
  let end: number | undefined;
  for await (const report of reports) {
    const snapshots = snapshotsOf(report);
    await reporter.show(snapshots);
    const now = performance.now();
    const isThere = snapshots.some(({ counters }) => counters.tcp > 0n) || now > begin + PATIENCE * 1000;
    if (isThere) end ??= now + DURATION * 1000;
    if (end !== undefined && now > end) return;
  }
}

function snapshotsOf(report: Report): readonly Snapshot[] {
  if (report.kind === "failure") throw new ReportedError(report.code, report.message);
  return report.snapshots;
}

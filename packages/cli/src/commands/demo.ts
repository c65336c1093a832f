import { Command } from "commander";
import { Actor } from "../demo/actor.ts";
import { ReportedError } from "../demo/report.ts";
import { Stage } from "../demo/stage.ts";
import { CliError } from "../failure.ts";
import { finalTableReporter } from "../reporters/final-table.ts";
import { screenReporter } from "../reporters/screen.ts";
import { type Session, write } from "../session.ts";
import type { Declaration } from "./declaration.ts";

/** Seconds; with what starting and removing take, the demo ends within eight. */
const DURATION = 5;

export const declaration: Declaration = (session) =>
  new Command("demo")
    .summary("show what weir sees of real traffic, in a network of its own")
    .description(
      "Makes two network namespaces, sends TCP, UDP and ICMP over IPv4 and IPv6 between them,\nwatches natively for 5 seconds, and removes everything. Touches no interface of this machine.",
    )
    .action(() => demo(session));

async function demo(session: Session): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new CliError(
      "WEIR_PERMISSION",
      "the demo makes network namespaces, which only root may.\n  Run it with sudo: sudo weir demo",
    );
  }
  const { output, signal } = session;
  await write(
    output,
    "Two namespaces, one cable; TCP, UDP and ICMP over IPv4 and IPv6. This takes six seconds.\n",
    signal,
  );
  await using stage = await Stage.create();
  await using watcher = new Actor(stage.namespaces.server, "watcher");
  const over = AbortSignal.any([signal, AbortSignal.timeout(DURATION * 1000)]);
  const reporter = output.isTTY ? screenReporter(session) : finalTableReporter(session);
  await using _server = new Actor(stage.namespaces.server, "server");
  await using _client = new Actor(stage.namespaces.client, "client");
  await reporter.begin(() => []);
  try {
    for await (const report of watcher.reports(over)) {
      if (report.kind === "failure") throw new ReportedError(report.code, report.message);
      await reporter.show(report.snapshots);
    }
  } finally {
    await reporter.end();
  }
  signal.throwIfAborted();
}

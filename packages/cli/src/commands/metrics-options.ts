import type { Monitor } from "@weir/engine";
import type { MetricFamily } from "@weir/server";
import { type Command, Option } from "commander";
import type { Session } from "../session.ts";
import { version } from "../version.ts";

/** The options of commands that can answer Prometheus beside what they do. */
export interface MetricsFlags {
  readonly listen?: string;
  readonly tokenFile?: string;
  readonly insecure?: boolean;
}

/** Connections that have series of their own. */
const TOP = 50;

/** Declares them. */
export function addMetricsOptions(command: Command): Command {
  return command
    .addOption(new Option("--listen <address>", "answer Prometheus on this IP address and port"))
    .addOption(new Option("--token-file <file>", "requests must have the bearer token in it"))
    .addOption(new Option("--insecure", "listen beyond this machine without a token"));
}

/** Answers with what a monitor has counted, where that was asked for, until the result is disposed. */
export async function serveMonitor(
  monitor: Monitor,
  flags: MetricsFlags,
  session: Session,
): Promise<AsyncDisposable | undefined> {
  if (flags.listen === undefined) return undefined;
  const { monitorMetrics } = await import("@weir/server");
  return serveMetrics(monitorMetrics(monitor, TOP), flags, session);
}

/** Answers with the metrics that `collect` gives. */
export async function serveMetrics(
  collect: () => readonly MetricFamily[],
  { listen, tokenFile, insecure = false }: MetricsFlags,
  session: Session,
): Promise<AsyncDisposable | undefined> {
  if (listen === undefined) return undefined;
  const { accessSettings, MetricsEndpoint } = await import("@weir/server");
  const access = accessSettings({ listen, tokenFile, insecure });
  const endpoint = await MetricsEndpoint.open({ ...access, version: version(), collect });
  session.errors.write(`weir: metrics on ${endpoint.url}\n`);
  return endpoint;
}

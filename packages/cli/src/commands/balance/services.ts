import type { BalanceSnapshot, Mode, ServicesBalancer, ServicesConfig } from "@weir/engine";
import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { balanceReporter } from "../../reporters/balance-services.ts";
import { type Session, write } from "../../session.ts";
import { printable, printableLines } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import type { Declaration } from "../declaration.ts";
import { End } from "../end.ts";
import { addMetricsOptions, type MetricsFlags, serveMetrics } from "../metrics-options.ts";
import { jsonOption, modeOption, seconds } from "../option-values.ts";
import { reloadAtHangUp } from "../reload-at-hang-up.ts";

interface BalanceFlags extends MetricsFlags {
  readonly config?: string;
  readonly mode: Mode;
  readonly interval: number;
  readonly duration?: number;
  readonly check?: true;
  readonly schema?: true;
  readonly json?: true;
}

export const declaration: Declaration = (session) => {
  const command = new Command("services")
    .summary("balance virtual addresses over the servers behind them")
    .description(
      "Sends what comes in on an interface for a virtual address to one of the servers behind it, and passes on all else.\nSIGHUP reads the configuration again: flows stay where they are.",
    )
    .argument("[interface]", "name of the interface that packets come in on")
    .addOption(new Option("-c, --config <file>", "the services and their backends, YAML or JSON"))
    .addOption(modeOption())
    .addOption(new Option("--interval <s>", "seconds between two readings").argParser(seconds(0.05)).default(1))
    .addOption(new Option("--duration <s>", "end after so many seconds (default: at Ctrl-C)").argParser(seconds(0.05)))
    .addOption(new Option("--check", "read the configuration, say what is wrong with it, and end"))
    .addOption(new Option("--schema", "print the JSON schema of the configuration, for editors, and end"))
    .addOption(jsonOption("one object per interval on a line"));
  return addMetricsOptions(command).action((device: string | undefined, flags: BalanceFlags) =>
    balance(device, flags, session),
  );
};

async function balance(device: string | undefined, flags: BalanceFlags, session: Session): Promise<void> {
  const { jsonSchema, readConfig } = await import("@weir/config");
  const { servicesConfiguration, toServicesConfig } = await import("../../configuration/services.ts");
  if (flags.schema) {
    const text = `${JSON.stringify(jsonSchema(servicesConfiguration), undefined, 2)}\n`;
    return await write(session.output, text, session.signal);
  }
  const file = flags.config;
  if (file === undefined) throw new CliError("WEIR_USAGE", "say which services to balance: --config FILE");
  const read = (): ServicesConfig => toServicesConfig(readConfig(file, servicesConfiguration));
  const config = read();
  if (flags.check) {
    const backends = config.services.reduce((sum, service) => sum + service.backends.length, 0);
    const text = `${printable(file)}: ${plural(config.services.length, "service")}, ${plural(backends, "backend")}\n`;
    return await write(session.output, text, session.signal);
  }
  if (device === undefined) throw new CliError("WEIR_USAGE", "say which interface the packets come in on");
  const engine = await session.engine();
  const notice = (text: string) => void session.errors.write(`weir: ${printableLines(text)}\n`);
  const { mode, interval } = flags;
  using balancer = await engine.balanceServices(device, config, { mode, interval });
  const { name, fallback, mode: attached } = balancer.interface;
  if (fallback !== undefined)
    notice(`${printable(name)}: mode drv is not possible, using ${attached}: ${fallback.answer}`);
  await using _reloads = reloadAtHangUp(session, notice, async () => {
    await balancer.reload(read());
    return "the configuration was read again";
  });
  await using _endpoint = await serveServices(balancer, flags, session);
  const reporter = balanceReporter(session, flags.json === true);
  try {
    await reporter.begin(balancer.snapshot());
    for await (const snapshot of rounds(balancer, flags, session.signal)) await reporter.show(snapshot);
  } finally {
    await reporter.end();
  }
}

/** Answers Prometheus, where that was asked for, until the result is disposed. */
async function serveServices(
  balancer: ServicesBalancer,
  flags: MetricsFlags,
  session: Session,
): Promise<AsyncDisposable | undefined> {
  if (flags.listen === undefined) return undefined;
  const { servicesMetrics } = await import("@weir/server");
  return serveMetrics(() => servicesMetrics(balancer.snapshot()), flags, session);
}

/** Readings until the duration is over or a signal comes; then a last one, so that what came last is not lost. */
async function* rounds(
  balancer: ServicesBalancer,
  { duration }: BalanceFlags,
  signal: AbortSignal,
): AsyncGenerator<BalanceSnapshot> {
  using end = new End({ duration, signal });
  const readings = balancer[Symbol.asyncIterator]();
  for (;;) {
    const next = await end.orSooner(readings.next());
    if (next === "ended" || next.done) break;
    yield next.value;
  }
  yield balancer.snapshot();
}

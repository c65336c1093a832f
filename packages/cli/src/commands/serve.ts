import type { Mode } from "@weir/engine";
import type { Service, ServiceConfig, ServiceSettings } from "@weir/server";
import { Command, Option } from "commander";
import { Interruption } from "../interruption.ts";
import { type Session, write } from "../session.ts";
import { printableLines } from "../text/printable.ts";
import { version } from "../version.ts";
import type { Declaration } from "./declaration.ts";
import {
  budgetOption,
  connectionsOption,
  idleOption,
  LIVE_CONNECTIONS,
  modeOption,
  sampleOption,
  seconds,
  wholeNumber,
} from "./option-values.ts";
import { reloadAtHangUp } from "./reload-at-hang-up.ts";

interface ServeFlags {
  readonly config?: string;
  readonly listen?: string;
  readonly tokenFile?: string;
  readonly insecure?: true;
  readonly top?: number;
  readonly interval?: number;
  readonly mode?: Mode;
  readonly connections?: number;
  readonly idle?: number;
  readonly statistics: boolean;
  readonly sample?: string;
  readonly budget?: string;
  readonly schema?: true;
}

export const declaration: Declaration = (session) =>
  new Command("serve")
    .summary("count on interfaces, and answer Prometheus and other programs over HTTP")
    .description(
      "Watches interfaces as long as it runs, and serves /metrics, /healthz, /api/snapshot and /api/events.\nSIGHUP reads the configuration again; SIGTERM and Ctrl-C finish what is being answered, and detach.",
    )
    .argument("[interface...]", "names of interfaces, in place of those in the configuration")
    .addOption(new Option("-c, --config <file>", "read the configuration, YAML or JSON; options go before it"))
    .addOption(new Option("--listen <address>", "IP address and port (default: 127.0.0.1:9435)"))
    .addOption(new Option("--token-file <file>", "requests must have the bearer token in it"))
    .addOption(new Option("--insecure", "listen beyond this machine without a token"))
    .addOption(
      new Option("--top <n>", "series of their own for so many connections, by bytes (default: 50)").argParser(
        wholeNumber(0, 10_000),
      ),
    )
    .addOption(new Option("--interval <s>", "seconds between two events (default: 1)").argParser(seconds(0.1)))
    .addOption(modeOption())
    .addOption(connectionsOption(LIVE_CONNECTIONS))
    .addOption(idleOption())
    .addOption(sampleOption())
    .addOption(budgetOption())
    .addOption(new Option("--no-statistics", "do not have the kernel measure what the program costs"))
    .addOption(new Option("--schema", "print the JSON schema of the configuration, for editors, and end"))
    .action((interfaces: string[], _flags: ServeFlags, command: Command) =>
      serve(interfaces, givenFlags(command), session),
    );

/** Without the defaults that the help shows: what nobody has said comes from the configuration. */
function givenFlags(command: Command): ServeFlags {
  const all: ServeFlags = command.opts();
  const given = Object.entries(all).filter(([name]) => command.getOptionValueSource(name) !== "default");
  return { statistics: true, ...Object.fromEntries(given) };
}

async function serve(interfaces: readonly string[], flags: ServeFlags, session: Session): Promise<void> {
  const { Service, serviceConfig, serviceSettings } = await import("@weir/server");
  const { jsonSchema, readConfig } = await import("@weir/config");
  if (flags.schema) {
    return await write(session.output, `${JSON.stringify(jsonSchema(serviceConfig), undefined, 2)}\n`, session.signal);
  }
  const notice = (text: string) => void session.errors.write(`weir: ${printableLines(text)}\n`);
  const { config } = flags;
  const settings = (): ServiceSettings => {
    const file = config === undefined ? {} : readConfig(config, serviceConfig);
    return serviceSettings({ ...file, ...overrides(interfaces, flags) });
  };
  await using service = await Service.start(settings(), { version: version(), notice });
  notice(`serving ${interfacesText(service)} on ${service.url}`);
  const reload = async (): Promise<string> => {
    await service.reload(settings);
    return `the configuration was read again: serving ${interfacesText(service)} on ${service.url}`;
  };
  await using _reloads = config === undefined ? undefined : reloadAtHangUp(session, notice, reload);
  await service.run(session.signal);
  if (session.signal.reason instanceof Interruption) return;
  throw session.signal.reason;
}

/** What was said on the command line, as the configuration would say it. */
function overrides(interfaces: readonly string[], flags: ServeFlags): ServiceConfig {
  const { listen, tokenFile, insecure, top, interval, mode, connections, idle, statistics, sample, budget } = flags;
  const given: ServiceConfig = {
    interfaces: interfaces.length > 0 ? [...interfaces] : undefined,
    listen,
    token_file: tokenFile,
    insecure,
    top,
    interval,
    mode,
    connections,
    idle,
    statistics: statistics ? undefined : false,
    sample,
    budget,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function interfacesText({ interfaces }: Service): string {
  return interfaces.map(({ subject: { name, mode } }) => `${name} (${mode})`).join(", ");
}

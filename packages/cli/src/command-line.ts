import { Command, CommanderError } from "commander";
import type { Declaration } from "./commands/declaration.ts";
import { type ExitCode, exitCodeTable, FAILURES, INTERRUPTED, SUCCESS } from "./exit-codes.ts";
import { CliError, failureOf } from "./failure.ts";
import { Interruption } from "./interruption.ts";
import type { Session } from "./session.ts";
import { printableLines } from "./text/printable.ts";
import { version } from "./version.ts";

/** Loaded one by one: a command shall not wait for the others. */
const COMMANDS: Readonly<Record<string, () => Promise<{ declaration: Declaration }>>> = {
  watch: () => import("./commands/watch.ts"),
  serve: () => import("./commands/serve.ts"),
  detect: () => import("./commands/detect.ts"),
  attach: () => import("./commands/attach.ts"),
  status: () => import("./commands/status.ts"),
  stats: () => import("./commands/stats.ts"),
  detach: () => import("./commands/detach.ts"),
  replay: () => import("./commands/replay.ts"),
  match: () => import("./commands/match.ts"),
  rules: () => import("./commands/rules.ts"),
  drop: () => import("./commands/drop.ts"),
  set: () => import("./commands/set.ts"),
  capture: () => import("./commands/capture.ts"),
  check: () => import("./commands/check.ts"),
  balance: () => import("./commands/balance.ts"),
  new: () => import("./commands/new.ts"),
  run: () => import("./commands/run.ts"),
  build: () => import("./commands/build.ts"),
  inspect: () => import("./commands/inspect.ts"),
  types: () => import("./commands/types.ts"),
  demo: () => import("./commands/demo.ts"),
};

/** Runs the words of a command line to their end, prints what went wrong, and says how the process has to end. */
export async function runCommandLine(words: readonly string[], session: Session): Promise<ExitCode> {
  try {
    const exit = await run(words, session);
    await flush(session);
    return exit;
  } catch (error) {
    if (error instanceof Interruption) return error.by === "signal" ? INTERRUPTED : SUCCESS;
    const failure = failureOf(error);
    session.errors.write(failure.text);
    if (session.environment.WEIR_TRACE && error instanceof Error) session.errors.write(`${error.stack}\n`);
    return failure.exit;
  }
}

async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  let exit = SUCCESS;
  const program = await declareProgram(words, session, (other) => {
    exit = other;
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return exit;
  } catch (error) {
    // Commander has printed what was wrong, or the help or version that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? SUCCESS : FAILURES.WEIR_USAGE;
    throw error;
  }
}

/** Waits for what was written, and fails where it could not be. */
async function flush({ output, signal }: Session): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    output.write("", () => resolve());
  });
  if (signal.reason instanceof CliError) throw signal.reason;
}

async function declareProgram(
  [named]: readonly string[],
  session: Session,
  end: (exit: ExitCode) => void,
): Promise<Command> {
  const program = new Command("weir")
    .description("Measures and controls packets at the network driver.")
    .version(version(), "-V, --version", "print the version")
    .addHelpText("after", exitCodeHelp)
    .configureOutput({
      writeOut: (text) => void session.output.write(text),
      writeErr: (text) => void session.errors.write(text),
      getOutHelpWidth: () => session.output.columns ?? 100,
      getErrHelpWidth: () => session.errors.columns ?? 100,
      outputError: (text, print) => print(printableLines(text.replace(/^error: /, "weir: "))),
    })
    .showHelpAfterError("Run with --help to see what is possible.")
    .exitOverride();
  for (const load of neededFor(named)) {
    const { declaration } = await load();
    const command = declaration(session, end).copyInheritedSettings(program);
    for (const subcommand of command.commands) subcommand.copyInheritedSettings(command);
    program.addCommand(command);
  }
  return program;
}

/** The command that is named; all where help is wanted, or a name is wrong and a similar one may be meant. */
function neededFor(named: string | undefined): readonly (() => Promise<{ declaration: Declaration }>)[] {
  if (named === "-V" || named === "--version") return [];
  const command = named !== undefined && Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  return command === undefined ? Object.values(COMMANDS) : [command];
}

function exitCodeHelp(): string {
  return `\nExit codes:\n${exitCodeTable()
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
    .join("\n")}`;
}

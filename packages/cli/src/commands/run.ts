import { release } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Mode } from "@weir/engine";
import { Command, Option } from "commander";
import { FileChanges } from "../development/file-changes.ts";
import { KernelSource } from "../development/kernel-source.ts";
import { Runner } from "../development/runner.ts";
import { type Settings, setOption, watchOption } from "../development/source-options.ts";
import { loggingRefusals, verifierLogOption } from "../development/verifier-log.ts";
import { FAILURES } from "../exit-codes.ts";
import { CliError } from "../failure.ts";
import { type RunReporter, runReporter } from "../reporters/run-reporter.ts";
import type { Session } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { End } from "./end.ts";
import { jsonOption, modeOption, seconds, wholeNumber } from "./option-values.ts";

interface RunFlags {
  readonly mode: Mode;
  readonly program?: readonly string[];
  readonly set: Settings;
  readonly watch?: true;
  readonly interval: number;
  readonly duration?: number;
  readonly limit?: number;
  readonly verifierLog?: true;
  readonly json?: true;
}

/** Milliseconds from one look at what programs print to the next. */
const TRACE_INTERVAL = 100;
/** Entries of a map that people are shown. */
const LIMIT = 10;

export const declaration: Declaration = (session, end) =>
  new Command("run")
    .summary("compile a kernel program, attach it, and show its maps and what it prints")
    .description(
      "Compiles a kernel program, attaches it where it says, shows what its maps hold and what it prints,\nand detaches when it ends. An XDP program runs on the interface that is named.",
    )
    .argument("<file>", "kernel program in TypeScript")
    .argument("[interface]", "name of an interface, for programs that run on one")
    .addOption(modeOption())
    .addOption(
      new Option("--program <name>", "attach this program, and no other; may be repeated").argParser(
        (name: string, before: readonly string[] = []) => [...before, name],
      ),
    )
    .addOption(setOption("give a config() its value; may be repeated"))
    .addOption(watchOption("compile and replace"))
    .addOption(new Option("--interval <s>", "seconds between two readings").argParser(seconds(0.05)).default(1))
    .addOption(new Option("--duration <s>", "end after so many seconds (default: at Ctrl-C)").argParser(seconds(0.05)))
    .addOption(
      new Option("--limit <n>", `show at most so many entries of a map (default: ${LIMIT}, all in JSON)`).argParser(
        wholeNumber(0),
      ),
    )
    .addOption(verifierLogOption())
    .addOption(jsonOption("one object per event on a line"))
    .action(async (file: string, target: string | undefined, flags: RunFlags) => {
      const [compiler, development] = await Promise.all([session.compiler("often"), session.development()]);
      const { mode, program: programs, set: configs } = flags;
      const source = new KernelSource(file, compiler, { kernel: runningKernel() });
      using runner = new Runner(source, compiler, development, { interface: target, mode, programs, configs });
      const reporter = runReporter(session, flags.json === true);
      if (!flags.watch && !(await start(runner, reporter, flags, session))) return end(FAILURES.WEIR_SOURCE);
      await show(runner, reporter, flags, session);
    });

/** It is compiled for this kernel and no older one: `6.18`. */
const runningKernel = (): string => release().split(".").slice(0, 2).join(".");

/** Compiles and attaches; whether there was no mistake. */
async function start(runner: Runner, reporter: RunReporter, flags: RunFlags, session: Session): Promise<boolean> {
  const event = loggingRefusals(flags.verifierLog, session.errors, () => runner.build());
  await reporter.show(event);
  return event.event === "attached";
}

/** Shows what runs until the end of the duration or a signal; when it is watched, compiles what is saved. */
async function show(runner: Runner, reporter: RunReporter, flags: RunFlags, session: Session): Promise<void> {
  const { interval, duration, watch, limit = flags.json ? undefined : LIMIT } = flags;
  using end = new End({ duration, signal: session.signal });
  const stop = new AbortController();
  await reporter.begin();
  let failure: unknown;
  const watching = watch
    ? compileWhatIsSaved(runner, reporter, flags, AbortSignal.any([session.signal, stop.signal])).catch((error) => {
        failure = error;
      })
    : undefined;
  try {
    let next = performance.now() + interval * 1000;
    for (let ended = false; !ended; ) {
      const pause = Math.max(0, Math.min(TRACE_INTERVAL, next - performance.now()));
      ended = (await end.orSooner(setTimeout(pause, "waited"))) === "ended";
      if (failure !== undefined) throw failure;
      const isDue = ended || performance.now() >= next;
      await showNow(runner, reporter, isDue ? limit : undefined, isDue);
      if (isDue) next = performance.now() + interval * 1000;
    }
  } finally {
    stop.abort();
    await watching;
    await reporter.end();
  }
}

/** What was printed since the last time, and where it is due what the maps hold. */
async function showNow(
  { running }: Runner,
  reporter: RunReporter,
  limit: number | undefined,
  isDue: boolean,
): Promise<void> {
  if (running === undefined) return;
  const lines = running.takeTrace();
  if (lines.length > 0) await reporter.show({ event: "trace", lines });
  const lost = running.takeLostLines();
  if (lost > 0) await reporter.show({ event: "lost", lines: lost });
  const records = running.takeRecords();
  if (records.length > 0) await reporter.show({ event: "records", records });
  if (!isDue) return;
  await reporter.show({ event: "maps", maps: running.maps(limit), texts: running.texts() });
  if (!running.attached) {
    throw new CliError("WEIR_INTERFACE_REMOVED", "the interface was removed, or the program was taken off it");
  }
}

async function compileWhatIsSaved(
  runner: Runner,
  reporter: RunReporter,
  { verifierLog: withLog }: RunFlags,
  signal: AbortSignal,
): Promise<void> {
  using changes = new FileChanges();
  const build = () => reporter.show(runner.tryBuild(withLog === true));
  await build();
  while (!signal.aborted) {
    changes.follow(runner.source.files);
    // It may have been saved between the build and now.
    if (!runner.source.hasChanged) await changes.next(signal);
    if (!signal.aborted && runner.source.hasChanged) await build();
  }
}

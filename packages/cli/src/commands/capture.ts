import type { Capture, CaptureOptions, Mode } from "@weir/engine";
import { Command, InvalidArgumentError, Option } from "commander";
import { captureSummary } from "../reporters/capture-summary.ts";
import { sharedWords } from "../reporters/sharing.ts";
import type { Session } from "../session.ts";
import { printable, printableLines } from "../text/printable.ts";
import { formatBytes } from "../text/units.ts";
import { version } from "../version.ts";
import type { Declaration } from "./declaration.ts";
import { addMetricsOptions, type MetricsFlags, serveMetrics } from "./metrics-options.ts";
import {
  modeOption,
  oneIn,
  priorityOption,
  type SharingFlags,
  seconds,
  sharedOption,
  wholeNumber,
} from "./option-values.ts";

type Verdicts = NonNullable<CaptureOptions["verdicts"]>;

interface CaptureFlags extends MetricsFlags, SharingFlags {
  readonly write: string;
  readonly mode: Mode;
  readonly snaplen: number;
  readonly sample: number;
  readonly count?: number;
  readonly duration?: number;
  readonly verdict?: Verdicts;
  readonly sampled?: true;
  readonly rule?: readonly string[];
  readonly ring: number;
}

const VERDICTS: Verdicts = ["aborted", "drop", "pass", "tx", "redirect"];
/** What the kernel copies of a packet at most. */
const LONGEST = 65_535;
const STANDARD_OUTPUT = 1;

export const declaration: Declaration = (session) => {
  const command = new Command("capture")
    .summary("write the packets of an interface into a pcapng file")
    .description("Writes the packets that come in, as they are before the network stack, into a pcapng file or a pipe.")
    .argument("<interface>", "name of an interface")
    .addOption(
      new Option("-w, --write <file>", "pcapng file, which is overwritten; - is standard output").makeOptionMandatory(),
    )
    .addOption(modeOption())
    .addOption(
      new Option("--snaplen <n>", "bytes to keep of a packet, at most")
        .argParser(wholeNumber(1, LONGEST))
        .default(LONGEST),
    )
    .addOption(
      new Option("--sample <1/n>", "capture one packet in so many, at random")
        .argParser(oneIn(2 ** 31))
        .default(1, "1/1: all"),
    )
    .addOption(new Option("--count <n>", "end after so many packets (default: at Ctrl-C)").argParser(wholeNumber(1)))
    .addOption(new Option("--duration <s>", "end after so many seconds (default: at Ctrl-C)").argParser(seconds(0.05)))
    .addOption(
      new Option(
        "--verdict <list>",
        `only packets with these verdicts: ${VERDICTS.join(", ")} (default: all)`,
      ).argParser(verdicts),
    )
    .addOption(new Option("--sampled", "only packets that rules of the interface sample").conflicts("rule"))
    .addOption(
      new Option("--rule <list>", "the same of these rules alone, with commas in between").argParser((text) =>
        text.split(","),
      ),
    )
    .addOption(
      new Option("--ring <mib>", "MiB for packets until they are written, per CPU; a power of two")
        .argParser(wholeNumber(1, 1024))
        .default(8),
    )
    .addOption(sharedOption())
    .addOption(priorityOption());
  return addMetricsOptions(command).action((name: string, flags: CaptureFlags) => capture(name, flags, session));
};

async function capture(name: string, flags: CaptureFlags, session: Session): Promise<void> {
  const engine = await session.engine();
  const { write, mode, snaplen, sample, count, duration, verdict, ring, shared, priority, sampled, rule } = flags;
  using capture = engine.capture(name, {
    output: write === "-" ? STANDARD_OUTPUT : write,
    mode,
    snapLength: snaplen,
    sample,
    count,
    duration,
    verdicts: verdict,
    sampled: sampled ? "all" : rule,
    ring,
    shared,
    priority,
    signal: session.signal,
    application: `weir ${version()}`,
  });
  session.errors.write(`${beginning(capture, snaplen)}\n`);
  for (const text of sharingLines(capture)) session.errors.write(`weir: ${printable(name)}: ${printableLines(text)}\n`);
  await using _endpoint = await serveCapture(capture, flags, session);
  try {
    await capture.run();
  } finally {
    session.errors.write(`${captureSummary(capture.interface.name, capture.statistics()).join("\n")}\n`);
  }
}

/** Answers Prometheus, where that was asked for, until the result is disposed. */
async function serveCapture(
  capture: Capture,
  flags: MetricsFlags,
  session: Session,
): Promise<AsyncDisposable | undefined> {
  if (flags.listen === undefined) return undefined;
  const { captureMetrics } = await import("@weir/server");
  return serveMetrics(() => captureMetrics(capture), flags, session);
}

function beginning({ interface: { name, mode, fallback }, ringMemory }: Capture, snaplen: number): string {
  const why = fallback === undefined ? "" : `weir: mode drv is not possible: ${printableLines(fallback.answer)}\n`;
  return `${why}weir: capturing on ${printable(name)} in mode ${mode}, ${snaplen} bytes of a packet, ${formatBytes(ringMemory)} of rings`;
}

function sharingLines({ interface: { shared, warnings } }: Capture): string[] {
  return shared === undefined ? [] : [`weir ${sharedWords(shared)}`, ...warnings];
}

function verdicts(text: string): Verdicts {
  return text.split(",").map((word) => {
    const verdict = VERDICTS.find((candidate) => candidate === word);
    if (verdict !== undefined) return verdict;
    throw new InvalidArgumentError(`It must be one or more of ${VERDICTS.join(", ")}, with commas in between.`);
  });
}

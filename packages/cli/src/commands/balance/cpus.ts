import type { Mode } from "@weir/engine";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Declaration } from "../declaration.ts";
import { addLiveOptions, type LiveFlags, showLive } from "../live.ts";
import { addMetricsOptions } from "../metrics-options.ts";
import { softwareModeOption, wholeNumber } from "../option-values.ts";

interface CpusFlags extends LiveFlags {
  readonly cpus: readonly number[];
  readonly queueSize: number;
  readonly mode: Mode;
}

export const declaration: Declaration = (session) => {
  const command = new Command("cpus")
    .summary("spread the packets of an interface over CPUs")
    .description(
      "Hands packets to other CPUs, chosen by the hash of their connection: both directions of a connection go to the same CPU, and all fragments of a datagram. For network cards with fewer queues than there are CPUs.\nShows what watch shows, and what each CPU got. Detaches when it ends.",
    )
    .argument("<interface>", "name of the interface")
    .addOption(new Option("--cpus <list>", "CPUs, such as 0,2-3").argParser(cpuList).makeOptionMandatory())
    .addOption(
      new Option("--queue-size <n>", "packets that may wait for a CPU, up to 16384; what comes then is dropped")
        .argParser(wholeNumber(1))
        .default(2048),
    )
    .addOption(softwareModeOption());
  return addMetricsOptions(addLiveOptions(command, "one object per interval on a line")).action(
    (name: string, flags: CpusFlags) =>
      showLive(flags, session, (engine, options) => engine.balanceCpus(name, { ...flags, ...options })),
  );
};

/** Numbers no machine reaches: a range that large is a slip of the keyboard. */
const MOST_CPUS = 8192;

/** A list of CPUs as Linux writes them (cpuset(7), "List format"), without strides. */
export function cpuList(text: string): readonly number[] {
  return text.split(",").flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || from > to || to >= MOST_CPUS) {
      throw new InvalidArgumentError("It must be a list of CPUs, such as 0,2-3.");
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

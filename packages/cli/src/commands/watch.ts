import type { InterfaceChange, Mode } from "@weir/engine";
import { Command } from "commander";
import type { Declaration } from "./declaration.ts";
import { addLiveOptions, type LiveFlags, showLive } from "./live.ts";
import {
  budgetOption,
  modeOption,
  priorityOption,
  replaceForeignOption,
  type SharingFlags,
  sampleOption,
  sharedOption,
} from "./option-values.ts";

interface WatchFlags extends LiveFlags, SharingFlags {
  readonly mode: Mode;
  readonly sample?: string;
  readonly budget?: string;
  readonly replaceForeign?: number;
  readonly follow: boolean;
}

export const declaration: Declaration = (session) => {
  const command = new Command("watch")
    .summary("count every connection on interfaces, live")
    .description(
      "Attaches to interfaces, shows every connection and the protocol counters, and detaches when it ends.\nIn a terminal it redraws a table, in a pipe it prints lines.",
    )
    .argument("<interface...>", "names of interfaces, and patterns such as 'veth*'")
    .addOption(modeOption())
    .addOption(sampleOption())
    .addOption(budgetOption())
    .addOption(replaceForeignOption())
    .addOption(sharedOption())
    .addOption(priorityOption())
    .option("--no-follow", "end with an interface that is removed, instead of waiting for it to come back");
  return addLiveOptions(command, "one object per interval (and interface) on a line").action(
    (interfaces: string[], flags: WatchFlags) =>
      showLive(flags, session, (engine, options, tell) => {
        const { mode, sample, budget, replaceForeign, shared, priority, follow } = flags;
        const onChange = ({ text }: InterfaceChange) => tell(text);
        return engine.watch(interfaces, {
          ...options,
          ...{ mode, sample, budget, replaceForeign, shared, priority, follow, onChange },
        });
      }),
  );
};

import type { Mode } from "@weir/engine";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Declaration } from "../declaration.ts";
import { addLiveOptions, type LiveFlags, showLive } from "../live.ts";
import { addMetricsOptions } from "../metrics-options.ts";
import { softwareModeOption } from "../option-values.ts";

interface DevicesFlags extends LiveFlags {
  readonly to: readonly string[];
  readonly mirror?: true;
  readonly mode: Mode;
}

export const declaration: Declaration = (session) => {
  const command = new Command("devices")
    .summary("send the packets of an interface out on others")
    .description(
      "Sends packets out on other interfaces as they are: each connection on one of them, chosen by hash, or with --mirror each packet on all of them. What is in no connection (ARP for example) is passed on, unless it is a mirror.\nShows what watch shows, and what each interface got. Detaches when it ends.",
    )
    .argument("<interface>", "name of the interface")
    .addOption(
      new Option("--to <interfaces>", "interfaces, separated by commas").argParser(nameList).makeOptionMandatory(),
    )
    .addOption(new Option("--mirror", "each packet to all of them; none reaches this machine"))
    .addOption(softwareModeOption());
  return addMetricsOptions(addLiveOptions(command, "one object per interval on a line")).action(
    (name: string, flags: DevicesFlags) =>
      showLive(flags, session, (engine, options) => engine.balanceDevices(name, { ...flags, ...options })),
  );
};

/** Names of interfaces have no commas, unless somebody wants it so. */
function nameList(text: string): readonly string[] {
  const names = text.split(",");
  if (names.some((name) => name === "")) {
    throw new InvalidArgumentError("It must be names of interfaces, separated by commas.");
  }
  return names;
}

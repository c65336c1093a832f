import type { Mode } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { Command, Option } from "commander";
import { sharedWords } from "../reporters/sharing.ts";
import { problemText } from "../reporters/status-table.ts";
import { write } from "../session.ts";
import { printable, printableLines } from "../text/printable.ts";
import type { Declaration } from "./declaration.ts";
import {
  connectionsOption,
  idleOption,
  jsonOption,
  LIVE_CONNECTIONS,
  modeOption,
  priorityOption,
  replaceForeignOption,
  type SharingFlags,
  sampleOption,
  sharedOption,
} from "./option-values.ts";

interface AttachFlags extends SharingFlags {
  readonly mode: Mode;
  readonly connections: number;
  readonly idle: number;
  readonly sample?: string;
  readonly by: "link" | "netlink";
  readonly replace?: true;
  readonly migrate?: true;
  readonly replaceForeign?: number;
  readonly json?: true;
}

const byOption = () =>
  new Option("--by <way>", "how it is held: by a pinned link, or, where a link cannot be, by the interface (netlink)")
    .choices(["link", "netlink"])
    .default("link");

export const declaration: Declaration = (session) =>
  new Command("attach")
    .summary("count on an interface until detach, also after this command has ended")
    .description("Attaches to an interface and pins everything in /sys/fs/bpf/weir, so that it goes on counting.")
    .argument("<interface>", "name of an interface")
    .addOption(modeOption())
    .addOption(connectionsOption(LIVE_CONNECTIONS))
    .addOption(idleOption())
    .addOption(sampleOption())
    .addOption(byOption())
    .option(
      "--replace",
      "put this program in the place of weir's own that is there; options not given stay as they are",
    )
    .option("--migrate", "the same, also into tables of another size: what was counted is carried over")
    .addOption(replaceForeignOption())
    .addOption(sharedOption())
    .addOption(priorityOption())
    .addOption(jsonOption("what was attached as an object"))
    .action(async (name: string, flags: AttachFlags, command: Command) => {
      const engine = await session.engine();
      const { mode, sample, replace, migrate, replaceForeign, shared, priority, json } = flags;
      // A replacement keeps what is not said.
      const given = <Name extends keyof AttachFlags>(option: Name) =>
        command.getOptionValueSource(option) === "default" ? undefined : flags[option];
      const [connections, idle, by] = [given("connections"), given("idle"), given("by")];
      const attached = engine.attach(name, {
        ...{ mode, connections, idle, sample, by, replace, migrate, replaceForeign, shared, priority },
      });
      for (const problem of attached.problems ?? []) session.errors.write(`weir: ${problemText(problem)}\n`);
      if (json) return write(session.output, `${toJson(attached)}\n`, session.signal);
      const shown = printable(name);
      const fallback =
        attached.fallback === undefined
          ? ""
          : `Mode drv is not possible: ${printableLines(attached.fallback.answer)}\n`;
      const sampling = attached.sample === undefined ? "" : `, sampling ${attached.sample}`;
      const way = attached.by === "netlink" ? " by netlink" : "";
      const act = attached.seconds > 0 ? "Replaced the program on" : "Attached to";
      const others = attached.shared === undefined ? "" : `It ${printable(sharedWords(attached.shared))}.\n`;
      const done = `${act} ${shown} in mode ${attached.mode}${way} as program ${attached.programId}${sampling}.\n`;
      // One that begins with a hyphen would pass for an option.
      const word = name.startsWith("-") ? `-- ${shown}` : shown;
      const next = `See it with: weir stats ${word}   End it with: weir detach ${word}\n`;
      return write(session.output, `${done}${others}${fallback}${next}`, session.signal);
    });

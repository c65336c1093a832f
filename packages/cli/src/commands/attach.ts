import type { Mode } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { Command } from "commander";
import { write } from "../session.ts";
import { printable, printableLines } from "../text/printable.ts";
import type { Declaration } from "./declaration.ts";
import {
  connectionsOption,
  idleOption,
  jsonOption,
  LIVE_CONNECTIONS,
  modeOption,
  sampleOption,
} from "./option-values.ts";

interface AttachFlags {
  readonly mode: Mode;
  readonly connections: number;
  readonly idle: number;
  readonly sample?: string;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("attach")
    .summary("count on an interface until detach, also after this command has ended")
    .description("Attaches to an interface and pins everything in /sys/fs/bpf/weir, so that it goes on counting.")
    .argument("<interface>", "name of an interface")
    .addOption(modeOption())
    .addOption(connectionsOption(LIVE_CONNECTIONS))
    .addOption(idleOption())
    .addOption(sampleOption())
    .addOption(jsonOption("what was attached as an object"))
    .action(async (name: string, { mode, connections, idle, sample, json }: AttachFlags) => {
      const engine = await session.engine();
      const attached = engine.attach(name, { mode, connections, idle, sample });
      if (json) return write(session.output, `${toJson(attached)}\n`, session.signal);
      const shown = printable(name);
      const fallback =
        attached.fallback === undefined
          ? ""
          : `Mode drv is not possible: ${printableLines(attached.fallback.answer)}\n`;
      const sampling = attached.sample === undefined ? "" : `, sampling ${attached.sample}`;
      const done = `Attached to ${shown} in mode ${attached.mode} as program ${attached.programId}${sampling}.\n`;
      // One that begins with a hyphen would pass for an option.
      const word = name.startsWith("-") ? `-- ${shown}` : shown;
      const next = `See it with: weir stats ${word}   End it with: weir detach ${word}\n`;
      return write(session.output, `${done}${fallback}${next}`, session.signal);
    });

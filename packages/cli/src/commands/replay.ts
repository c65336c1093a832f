import type { SortKey } from "@weir/engine";
import { Command, Option } from "commander";
import { CliError } from "../failure.ts";
import { replayJson } from "../reporters/json.ts";
import { lookOf } from "../reporters/look.ts";
import { replayTable } from "../reporters/table.ts";
import { write } from "../session.ts";
import { capturePath } from "./capture-path.ts";
import type { Declaration } from "./declaration.ts";
import { connectionsOption, jsonOption, limitOption, sampleOption, sortOption } from "./option-values.ts";
import { replayRules } from "./replay-rules.ts";

interface ReplayFlags {
  readonly sort: SortKey;
  readonly limit?: number;
  readonly connections: number;
  readonly sample?: string;
  readonly rules?: string;
  readonly frames?: true;
  readonly json?: true;
}

/** A file may have more connections than an interface has at a time. */
const FILE_CONNECTIONS = 65_536;

export const declaration: Declaration = (session) =>
  new Command("replay")
    .summary("count the frames of a capture file")
    .description(
      "Runs the frames of a pcap or pcapng file through the program in the kernel, without an interface.\nRules are tried in this process: for them alone no privilege is needed.",
    )
    .argument("<file>", "capture file; - is standard input")
    .addOption(sortOption())
    .addOption(limitOption("20, all in JSON"))
    .addOption(connectionsOption(FILE_CONNECTIONS))
    .addOption(sampleOption())
    .addOption(new Option("--rules <file>", "say what these rules would do with the frames; YAML or JSON"))
    .addOption(new Option("--frames", "with --rules: the verdict and the rule of each frame, one a line"))
    .addOption(jsonOption("an object"))
    .action(async (file: string, { rules, frames, ...flags }: ReplayFlags) => {
      const { output, signal } = session;
      const { sort, limit, connections, sample, json } = flags;
      const options = { sort, connections, sample, limit: limit ?? (json ? undefined : 20), signal };
      if (rules !== undefined)
        return replayRules(file, { rules, frames: frames === true, json: json === true, options }, session);
      if (frames) throw new CliError("WEIR_USAGE", "say which rules give the frames their verdicts: --rules FILE");
      const engine = await session.engine();
      const replay = await engine.replay(capturePath(file, session), options);
      if (json) return write(output, `${replayJson(replay)}\n`, signal);
      return write(output, `${replayTable(replay, lookOf(session)).join("\n")}\n`, signal);
    });

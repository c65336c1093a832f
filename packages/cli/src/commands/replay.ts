import type { SortKey } from "@weir/engine";
import { Command } from "commander";
import { replayJson } from "../reporters/json.ts";
import { lookOf } from "../reporters/look.ts";
import { replayTable } from "../reporters/table.ts";
import { write } from "../session.ts";
import { capturePath } from "./capture-path.ts";
import type { Declaration } from "./declaration.ts";
import { connectionsOption, jsonOption, limitOption, sampleOption, sortOption } from "./option-values.ts";

interface ReplayFlags {
  readonly sort: SortKey;
  readonly limit?: number;
  readonly connections: number;
  readonly sample?: string;
  readonly json?: true;
}

/** A file may have more connections than an interface has at a time. */
const FILE_CONNECTIONS = 65_536;

export const declaration: Declaration = (session) =>
  new Command("replay")
    .summary("count the frames of a capture file")
    .description("Runs the frames of a pcap or pcapng file through the program in the kernel, without an interface.")
    .argument("<file>", "capture file; - is standard input")
    .addOption(sortOption())
    .addOption(limitOption("20, all in JSON"))
    .addOption(connectionsOption(FILE_CONNECTIONS))
    .addOption(sampleOption())
    .addOption(jsonOption("an object"))
    .action(async (file: string, { sort, limit, connections, sample, json }: ReplayFlags) => {
      const { output, signal } = session;
      const engine = await session.engine();
      const path = capturePath(file, session);
      const options = { sort, connections, sample, limit: limit ?? (json ? undefined : 20), signal };
      const replay = await engine.replay(path, options);
      if (json) return write(output, `${replayJson(replay)}\n`, signal);
      return write(output, `${replayTable(replay, lookOf(session)).join("\n")}\n`, signal);
    });

import { Command, Option } from "commander";
import { write } from "../session.ts";
import { capturePath } from "./capture-path.ts";
import type { Declaration } from "./declaration.ts";

interface MatchFlags {
  readonly count?: true;
  readonly frames?: true;
}

export const declaration: Declaration = (session) =>
  new Command("match")
    .summary("which frames of a capture file match an expression")
    .description(
      "Compares the frames of a pcap or pcapng file with an expression as tcpdump takes it, by pcap-filter(7).",
    )
    .argument("<file>", "capture file; - is standard input")
    .argument("<expression>", "for example: udp and dst port 53")
    .addOption(new Option("--count", "print how many match, which is the default").conflicts("frames"))
    .addOption(new Option("--frames", "print the numbers of those that match, from 1, one a line"))
    .action(async (file: string, expression: string, { frames }: MatchFlags) => {
      const { output, signal } = session;
      const engine = await session.engine();
      const path = capturePath(file, session);
      let count = 0;
      for await (const { number, matches } of engine.match(path, expression)) {
        signal.throwIfAborted();
        if (!matches) continue;
        count += 1;
        if (frames) await write(output, `${number}\n`, signal);
      }
      if (!frames) await write(output, `${count}\n`, signal);
    });

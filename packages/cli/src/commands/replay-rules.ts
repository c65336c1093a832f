import type { DecidedFrame, ReplayOptions } from "@weir/engine";
import { CliError } from "../failure.ts";
import { rulesReplayJson } from "../reporters/json.ts";
import { lookOf } from "../reporters/look.ts";
import { decidedFrameLine, trialTable } from "../reporters/rules.ts";
import { replayTable } from "../reporters/table.ts";
import { type Session, write } from "../session.ts";
import { printableLines } from "../text/printable.ts";
import { capturePath } from "./capture-path.ts";
import { ANY_TIME, readRulesOf } from "./rules/rules-of.ts";

/** What a replay with rules is to do. */
interface RulesFlags {
  readonly rules: string;
  readonly frames: boolean;
  readonly json: boolean;
  readonly options: ReplayOptions;
}

/** Says what rules do with the frames of a capture file. */
export async function replayRules(
  file: string,
  { rules, frames, json, options }: RulesFlags,
  session: Session,
): Promise<void> {
  const { output, signal } = session;
  const { loadSets, RuleTrial, SetContents } = await import("@weir/rules");
  const notice = (text: string) => void session.errors.write(`weir: ${printableLines(text)}\n`);
  if (file === "-" && rules === "-")
    throw new CliError("WEIR_USAGE", "standard input is the capture or the rules, not both");
  const read = await readRulesOf(rules, session, ANY_TIME);
  const trial = new RuleTrial(read, new SetContents(loadSets(read)));
  const engine = await session.engine();
  const path = capturePath(file, session);
  if (frames && !json) {
    const lines = new LineWriter(session);
    const onFrame = (frame: DecidedFrame) => lines.write(decidedFrameLine(frame));
    try {
      await engine.tryRules(path, trial, { ...options, monitor: false, onFrame });
    } finally {
      // Also where the file is damaged: the frames before that.
      await lines.flush();
    }
    return;
  }
  const decided: DecidedFrame[] = [];
  const onFrame = frames ? (frame: DecidedFrame) => void decided.push(frame) : undefined;
  const replay = await engine.tryRules(path, trial, { ...options, onFrame });
  const { monitor, refusal } = replay;
  if (refusal !== undefined)
    notice(`the rules were tried without the kernel, and connections are not counted: ${refusal.message}`);
  if (json) return await write(output, `${rulesReplayJson(replay, frames ? decided : undefined)}\n`, signal);
  const look = lookOf(session);
  const lines = [...(monitor === undefined ? [] : [...replayTable(monitor, look), ""]), ...trialTable(replay, look)];
  await write(output, `${lines.join("\n")}\n`, signal);
}

/** Characters that are written at once. */
const CHUNK = 65_536;

/** Writes many lines, and waits where the reader is behind. */
class LineWriter {
  readonly #session: Session;
  #text = "";

  constructor(session: Session) {
    this.#session = session;
  }

  write(line: string): void | Promise<void> {
    this.#text += `${line}\n`;
    if (this.#text.length >= CHUNK) return this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    await write(this.#session.output, text, this.#session.signal);
  }
}

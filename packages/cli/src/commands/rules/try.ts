import type { InterfaceEffect, Mode } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import type { RuleSet } from "@weir/rules";
import { Command, Option } from "commander";
import { CliError } from "../../failure.ts";
import { lookOf } from "../../reporters/look.ts";
import { effectLines, interfaceEffectLines } from "../../reporters/rules-effect.ts";
import { type Session, write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import { plural } from "../../text/units.ts";
import { capturePath } from "../capture-path.ts";
import type { Declaration } from "../declaration.ts";
import { jsonOption, softwareModeOption } from "../option-values.ts";
import { type Acceptable, checkAcceptable, mostOption } from "./acceptable.ts";
import { noGuardOption, readRulesOf, trySeconds } from "./rules-of.ts";

/** How rules are tried on what comes in. */
interface LiveFlags {
  readonly mode: Mode;
  readonly seconds?: number;
}

interface TryFlags extends Acceptable, LiveFlags {
  readonly capture?: string;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("try")
    .summary("say what rules would do with what comes in now")
    .description(
      "Tries the rules of a file on the frames that come in on interfaces for some seconds, or on those of a capture, and says what they would do: to\nyour session first. Nothing is changed. Ends with 31 where weir rules apply would refuse them.",
    )
    .argument("<file>", "file with rules, YAML or JSON; - is standard input")
    .argument("[interface...]", "names of interfaces")
    .addOption(
      new Option("--seconds <seconds>", "for how long, up to 60; default 3").argParser(trySeconds("--seconds")),
    )
    .addOption(new Option("--capture <file>", "the frames of a capture file instead; it needs no privilege"))
    .addOption(softwareModeOption())
    .addOption(mostOption())
    .addOption(noGuardOption())
    .addOption(jsonOption("an array with an object for each interface; with --capture, an object"))
    .action((file: string, names: string[], flags: TryFlags) => {
      const { capture, seconds } = flags;
      if ((names.length === 0) === (capture === undefined))
        throw new CliError("WEIR_USAGE", "say on what to try the rules: interfaces, or --capture FILE");
      if (capture === undefined) return tryLive(file, [...new Set(names)], flags, session);
      if (seconds !== undefined) throw new CliError("WEIR_USAGE", "--seconds is for interfaces, not for a capture");
      return tryOnCapture(file, capture, flags, session);
    });

async function tryLive(file: string, names: string[], flags: TryFlags, session: Session): Promise<void> {
  const rules = await readRulesOf(file, session);
  const effects = await effectsOn(names, rules, flags, session);
  const text = flags.json ? `${toJson(effects)}\n` : effectsText(effects, session);
  await write(session.output, text, session.signal);
  checkAcceptable(rules.file, effects, flags);
}

/** What rules would do with what comes in on interfaces. */
export async function effectsOn(
  names: readonly string[],
  rules: RuleSet,
  { mode, seconds }: LiveFlags,
  { environment, signal, engine: load }: Session,
): Promise<readonly InterfaceEffect[]> {
  const engine = await load();
  return engine.previewRules(names, rules, { mode, seconds, session: engine.sshSession(environment), signal });
}

export function effectsText(effects: readonly InterfaceEffect[], session: Session): string {
  const look = lookOf(session);
  return effects.map((effect) => `${interfaceEffectLines(effect, look).join("\n")}\n`).join("\n");
}

async function tryOnCapture(file: string, capture: string, flags: TryFlags, session: Session): Promise<void> {
  if (file === "-" && capture === "-")
    throw new CliError("WEIR_USAGE", "rules and capture cannot both come from standard input");
  const { environment, signal, output } = session;
  const rules = await readRulesOf(file, session);
  const engine = await session.engine();
  const ssh = engine.sshSession(environment);
  const effect = await engine.previewOnCapture(capturePath(capture, session), rules, { session: ssh, signal });
  const title = `${printable(capture)}: ${plural(effect.frames, "frame")}`;
  const look = lookOf(session);
  const lines = [look.style("bold", title), ...effectLines(effect, look)];
  await write(output, flags.json ? `${toJson(effect)}\n` : `${lines.join("\n")}\n`, signal);
  checkAcceptable(rules.file, [effect], flags);
}

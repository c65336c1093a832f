import { toJson } from "@weir/engine/json";
import { Command, Option } from "commander";
import { loggingRefusals, verifierLogOption } from "../development/verifier-log.ts";
import type { Development } from "../engine.ts";
import { CliError } from "../failure.ts";
import { liveProgramText, mapText, objectText } from "../reporters/inspection.ts";
import { type Look, lookOf } from "../reporters/look.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption, wholeNumber } from "./option-values.ts";

interface InspectFlags {
  readonly program?: number;
  readonly pinned?: string;
  readonly load?: true;
  readonly verifierLog?: true;
  readonly listing: boolean;
  readonly json?: true;
}

export const declaration: Declaration = (session) =>
  new Command("inspect")
    .summary("show what is in an object file, or in a program in the kernel")
    .description(
      "Shows the programs of an eBPF object, whoever compiled it, or a program in the kernel:\nits instructions below their source lines, maps, sizes, stack, and what the verifier made of it.",
    )
    .argument("[file]", "eBPF object")
    .addOption(new Option("--program <id>", "the program in the kernel with this id").argParser(wholeNumber(1)))
    .addOption(new Option("--pinned <path>", "what is pinned there: a program, a link or a map"))
    .addOption(
      new Option("--load", "load the object's programs, to know what the verifier has to do; attaches nothing"),
    )
    .addOption(verifierLogOption())
    .addOption(new Option("--no-listing", "leave out the instructions"))
    .addOption(jsonOption("an object"))
    .action(async (file: string | undefined, flags: InspectFlags) => {
      const development = await session.development();
      const { data, text } = loggingRefusals(flags.verifierLog, session.errors, () =>
        inspected(file, flags, development),
      );
      const shown = flags.json ? `${toJson(data)}\n` : `${text(lookOf(session)).join("\n")}\n`;
      await write(session.output, shown, session.signal);
    });

interface Inspected {
  readonly data: object;
  readonly text: (look: Look) => string[];
}

/** What is asked for, as data and as text. */
function inspected(file: string | undefined, flags: InspectFlags, development: Development): Inspected {
  const { program: id, pinned, load, listing } = flags;
  if ([file, id, pinned].filter((each) => each !== undefined).length !== 1) {
    throw new CliError("WEIR_USAGE", "inspect takes one of: an object file, --program ID, --pinned PATH");
  }
  if (flags.verifierLog && !load) throw new CliError("WEIR_USAGE", "--verifier-log goes with --load");
  if (load && file === undefined) throw new CliError("WEIR_USAGE", "--load is for an object file");
  const { inspectObject, inspectProgram, inspectPinned } = development;
  if (file !== undefined) {
    const found = inspectObject(file, { load });
    const object = listing ? found : { ...found, programs: found.programs.map(withoutListing) };
    return { data: { file, ...object }, text: (look) => objectText(file, object, look) };
  }
  const live =
    id === undefined ? inspectPinned(pinned ?? "") : { kind: "program" as const, program: inspectProgram(id) };
  if (live.kind === "map") return { data: live.map, text: (look) => mapText([live.map], look) };
  const program = listing ? live.program : withoutListing(live.program);
  return { data: program, text: (look) => liveProgramText(program, look) };
}

function withoutListing<Code extends { readonly listing: readonly unknown[] }>(code: Code): Code {
  return { ...code, listing: [] };
}

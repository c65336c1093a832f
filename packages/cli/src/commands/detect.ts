import { toJson } from "@weir/engine/json";
import { Command, Option } from "commander";
import { detectionText } from "../reporters/detection.ts";
import { lookOf } from "../reporters/look.ts";
import { write } from "../session.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

export const declaration: Declaration = (session) =>
  new Command("detect")
    .summary("say what XDP can do on this machine's interfaces, and how best to attach")
    .description(
      "Shows each interface's driver, XDP features, queues, offloads and programs, what the kernel can do,\nand which mode to use, with commands to get a better one. Changes nothing.",
    )
    .argument("[interface...]", "names of interfaces; all unless given")
    .addOption(
      new Option(
        "--try",
        "attach a program that only passes frames, in each mode for a moment; a card's driver may pause for it",
      ),
    )
    .addOption(jsonOption("an object { kernel, interfaces }"))
    .action(async (interfaces: string[], flags: { readonly try?: true; readonly json?: true }) => {
      const engine = await session.engine();
      const detection = engine.detect(interfaces, { try: flags.try });
      const text = flags.json ? toJson(detection) : detectionText(detection, lookOf(session)).join("\n");
      return write(session.output, `${text}\n`, session.signal);
    });

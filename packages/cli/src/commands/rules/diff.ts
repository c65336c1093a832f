import type { RuleDocument } from "@weir/engine";
import { Command } from "commander";
import type { Engine } from "../../engine.ts";
import { FINDING } from "../../exit-codes.ts";
import { write } from "../../session.ts";
import { printable } from "../../text/printable.ts";
import type { Declaration } from "../declaration.ts";
import { readRulesOf } from "./rules-of.ts";

export const declaration: Declaration = (session, end) =>
  new Command("diff")
    .summary("say what applying a file would change")
    .description(
      "Says what applying the rules of a file to an interface would change, a line for each rule: - is there now, + would be. Nothing is changed.\nEnds with 0 where nothing would change, else with 1.",
    )
    .argument("<file>", "file with rules, YAML or JSON; - is standard input")
    .argument("<interface>", "name of an interface")
    .action(async (file: string, name: string) => {
      const wanted = await readRulesOf(file, session);
      const engine = await session.engine();
      const present = engine.rulesBefore(name).rules;
      const linesOf = (document: RuleDocument) => documentLines(document, engine);
      const now = typeof present === "string" ? [] : linesOf(present.document);
      const lines = differences(now, linesOf(engine.documentOf(wanted)));
      await write(session.output, lines.map((line) => `${printable(line)}\n`).join(""), session.signal);
      if (lines.length > 0) end(FINDING);
    });

function documentLines(
  { vlan, default: byDefault, rules }: RuleDocument,
  { actionText, matchText, timesText }: Engine,
): readonly string[] {
  return [
    `vlan: ${vlan}`,
    ...rules.map((rule) => `${rule.name}: ${actionText(rule.action)} ${matchText(rule)}${timesText(rule)}`),
    `default: ${byDefault}`,
  ];
}

/** The lines that are in one only, in their order (Hunt, McIlroy 1976: what is left of the longest common subsequence). */
function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const [row, next] = [lengths[i], lengths[i + 1]];
      if (row === undefined || next === undefined) continue;
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  const found: string[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i += 1;
      j += 1;
    } else if (j >= after.length || (i < before.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      found.push(`- ${before[i++]}`);
    } else found.push(`+ ${after[j++]}`);
  }
  return found;
}

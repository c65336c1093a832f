import { Command, Option } from "commander";
import { type ExitCode, FAILURES } from "../../exit-codes.ts";
import { CliError, failureOf } from "../../failure.ts";
import { type CheckedRules, checkedLines } from "../../reporters/rules.ts";
import { type Session, write } from "../../session.ts";
import type { Declaration } from "../declaration.ts";
import { jsonOption } from "../option-values.ts";

interface CheckFlags {
  readonly schema?: true;
  readonly json?: true;
}

export const declaration: Declaration = (session, end) =>
  new Command("check")
    .summary("say what is wrong with rules")
    .description(
      "Reads files with rules, and those that they include, and says what is wrong with them.\nIt needs no privilege, and no kernel.",
    )
    .argument("[file...]", "files with rules, YAML or JSON; each is checked by itself; - is standard input")
    .addOption(new Option("--schema", "print the JSON schema of rules, for editors, and end"))
    .addOption(jsonOption("an array with an object for each file"))
    .action(async (files: string[], flags: CheckFlags) => {
      const worst = await check(files, flags, session);
      if (worst !== undefined) end(worst);
    });

async function check(
  files: readonly string[],
  { schema, json }: CheckFlags,
  session: Session,
): Promise<ExitCode | undefined> {
  const { output, errors, signal } = session;
  if (schema) {
    const [{ jsonSchema }, { rulesFile }] = [await import("@weir/config"), await import("@weir/rules")];
    await write(output, `${JSON.stringify(jsonSchema(rulesFile), undefined, 2)}\n`, signal);
    return undefined;
  }
  if (files.length === 0) throw new CliError("WEIR_USAGE", "say which rules to check: a file, or several");
  const checked: CheckedRules[] = [];
  let worst: ExitCode | undefined;
  for (const file of files) {
    const { result, failure } = await checkFile(file, session);
    if (result !== undefined) checked.push(result);
    if (failure === undefined) continue;
    // What cannot be read is worse than what can, and is wrong.
    if (worst === undefined || failure.exit !== FAILURES.WEIR_CONFIG) worst = failure.exit;
    if (!json || result === undefined) errors.write(failure.text);
  }
  if (json) await write(output, `${JSON.stringify(checked)}\n`, signal);
  else
    await write(
      output,
      checked
        .flatMap(checkedLines)
        .map((line) => `${line}\n`)
        .join(""),
      signal,
    );
  return worst;
}

async function checkFile(
  file: string,
  session: Session,
): Promise<{ readonly result?: CheckedRules; readonly failure?: ReturnType<typeof failureOf> }> {
  const { loadSets, readRules, RulesError } = await import("@weir/rules");
  if (file === "-") session.letSignalsEnd();
  try {
    const { rules, warnings } = readRules(file === "-" ? "/dev/stdin" : file);
    loadSets(rules);
    const counts = { rules: rules.rules.length, sets: rules.sets.length };
    return { result: { file, valid: true, ...counts, problems: [], warnings } };
  } catch (error) {
    const failure = failureOf(error);
    if (!(error instanceof RulesError)) return { failure };
    return { failure, result: { file, valid: false, rules: null, sets: null, problems: error.problems, warnings: [] } };
  }
}

/**
 * Asks the running kernel which helpers the programs of each type may call, and writes the answers as JSON to standard output:
 * `node --conditions=source packages/kernel/scripts/probe-helpers.ts > packages/bytecode/helpers/linux-6.18.json`, as root.
 */
import { release } from "node:os";
import { helperName, type ProgramType } from "@weir/bytecode";
import { askVerifier, sections } from "../test/fixtures/helper-probe.ts";

// The keys of a literal record are its type's keys.
const types = Object.keys(sections) as ProgramType[];
const helpers: Record<string, { types: ProgramType[]; gpl: boolean }> = {};
for (let number = 1; ; number++) {
  const name = helperName(number);
  if (name === undefined) break;
  const answers = types.map((type) => ({ type, answer: askVerifier(number, type) }));
  const allowed = answers.filter(({ answer }) => answer !== "not allowed");
  if (allowed.length === 0) continue;
  helpers[name] = {
    types: allowed.map(({ type }) => type),
    gpl: allowed.every(({ answer }) => answer === "allowed to GPL programs"),
  };
}
process.stdout.write(`${JSON.stringify({ kernel: release(), helpers }, undefined, 2)}\n`);

/**
 * Asks the running kernel which helpers the programs of each type may call, and writes the answers as JSON to standard output:
 * `node --conditions=source packages/kernel/scripts/probe-helpers.ts > packages/bytecode/helpers/linux-6.18.json`, as root.
 */
import { release } from "node:os";
import { helperName, type ProgramType } from "@weir/bytecode";
import { probeHelper } from "../src/probes/helper.ts";
import { PROBE_SECTIONS } from "../src/probes/probe-program.ts";

// The keys of a literal record are its type's keys.
const types = Object.keys(PROBE_SECTIONS) as ProgramType[];
const helpers: Record<string, { types: ProgramType[]; gpl: boolean }> = {};
for (let number = 1; ; number++) {
  const name = helperName(number);
  if (name === undefined) break;
  const answers = types.map((type) => ({ type, said: probeHelper(number, type) }));
  const allowed = answers.filter(({ said }) => said.answer === "yes");
  if (allowed.length === 0) continue;
  helpers[name] = {
    types: allowed.map(({ type }) => type),
    gpl: allowed.every(({ said }) => said.gplOnly === true),
  };
}
process.stdout.write(`${JSON.stringify({ kernel: release(), helpers }, undefined, 2)}\n`);

/**
 * Asks the running kernel which of its functions the programs of each type may call, and writes the answers as JSON to standard output:
 * `node --conditions=source packages/kernel/scripts/probe-kernel-functions.ts > packages/bytecode/kernel-functions/linux-6.18.json`, as root.
 */
import { release } from "node:os";
import type { ProgramType } from "@weir/bytecode";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import { PROBE_SECTIONS } from "../src/probes/probe-program.ts";
import { askAboutFunction } from "../test/fixtures/kernel-function-probe.ts";

// The keys of a literal record are its type's keys.
const types = Object.keys(PROBE_SECTIONS) as ProgramType[];
const functions: Record<string, ProgramType[]> = {};
for (const one of kernelFunctions.values()) {
  functions[one.name] = types.filter((type) => {
    const answer = askAboutFunction(one, type);
    // Every type is told that it needs an interface, and only XDP programs run on one.
    return answer === "allowed" || (answer === "needs an interface" && type === "xdp");
  });
}
process.stdout.write(`${JSON.stringify({ kernel: release(), functions }, undefined, 2)}\n`);

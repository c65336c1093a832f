/**
 * Nanoseconds per packet of sampling, by test run on one CPU, all in turn: above all what a packet costs that is not sampled,
 * over a program that counts totals and nothing else.
 *
 * `npm run bench:sampling`, as root, with clang.
 */
import { Comparison, heading, PATHS } from "./interleaved.ts";
import { samplingRunners } from "./sampling-runners.ts";

using objects = new DisposableStack();
const programs = samplingRunners(objects);

const lines = [heading()];
for (const [path, packet] of Object.entries(PATHS)) {
  const times = new Comparison(programs, packet.paddedTo(60));
  lines.push("", path, ...times.lines(), "  over totals alone, ns:");
  for (const name of Object.keys(programs)) lines.push(`    ${name}: ${times.beyond(name, "totals alone")}`);
}
process.stdout.write(`${lines.join("\n")}\n`);

/**
 * How long it takes to attach a monitor with a table for a million connections, against one for 10,000: the kernel clears its memory. Limit:
 * 100 ms more.
 *
 * `npm run bench:connections`, as root.
 */
import { watch } from "../src/index.ts";
import { watchedVeth } from "../test/kernel/watched-veth.ts";
import { median, timesLine } from "./times.ts";

const ROUNDS = 15;
const FEW = 10_000;
const MANY = 1_000_000;
const LIMIT = 100;

using veth = watchedVeth();

/** Milliseconds from the call until the program is attached. */
function attachTime(connections: number): number {
  const start = performance.now();
  using _monitor = veth.inside(() => watch(veth.name, { connections }));
  return performance.now() - start;
}

const few: number[] = [];
const many: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  few.push(attachTime(FEW));
  many.push(attachTime(MANY));
}
const more = median(many.map((time, round) => time - (few[round] ?? 0)));
process.stdout.write("attaching, with a table for so many connections\n");
process.stdout.write(timesLine(FEW.toLocaleString("en"), few) + timesLine(MANY.toLocaleString("en"), many));
process.stdout.write(`  the larger one takes ${more.toFixed(0)} ms more (limit ${LIMIT})\n`);
if (more > LIMIT) process.exitCode = 1;

/**
 * CPU time of `weir build` with the largest of weir's own programs, each time in a process of its own. Aim: 500 ms.
 *
 * `npm run bench:compile`.
 */
import { cpus, release } from "node:os";
import { compileCost, MONITOR } from "./compile-cost.ts";

const RUNS = 15;

// The first one leaves behind what V8 has made of the compiler.
compileCost(MONITOR);
const costs = Array.from({ length: RUNS }, () => compileCost(MONITOR));
const sorted = costs.toSorted((a, b) => a - b);
process.stdout.write(
  `${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}; milliseconds of CPU\n` +
    `median ${sorted[RUNS >> 1]}, least ${sorted[0]}, most ${sorted.at(-1)}: ${costs.join(" ")}\n`,
);
